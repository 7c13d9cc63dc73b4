import { ZodError } from 'zod';

export interface DescribedError {
  type: string;
  message: string;
  /** Frames alone: the first lines of a stack repeat the message. */
  stack?: string;
  cause?: DescribedError;
  [field: string]: unknown;
}

/** Fields of errors that name things of ours, never what people wrote. */
const telling = [
  'code',
  'severity',
  'severity_local',
  'constraint_name',
  'table_name',
  'column_name',
  'routine',
  'status',
  'syscall',
] as const;

/** What may be logged of an error: database drivers and parsers quote values, which may be somebody's words. */
export function describeError(error: unknown, depth = 0): DescribedError {
  if (!(error instanceof Error)) return { type: typeof error, message: 'something that is no Error was thrown' };
  const fields = telling.flatMap((name) => {
    const value: unknown = Reflect.get(error, name);
    return typeof value === 'string' || typeof value === 'number' ? [[name, value] as const] : [];
  });
  return {
    type: error.name,
    message: messageOf(error),
    ...Object.fromEntries(fields),
    ...framesOf(error),
    ...(error.cause !== undefined && depth < 5 ? { cause: describeError(error.cause, depth + 1) } : {}),
  };
}

function messageOf(error: Error): string {
  if (error instanceof ZodError) return issuesOf(error);
  if (error.name !== 'SyntaxError') return scrub(error.message);
  const [place] = /at position \d+/.exec(error.message.replace(/"[\s\S]*"/, '')) ?? []; // V8 quotes what it was given
  return ['cannot be parsed', place].filter(Boolean).join(' ');
}

/** Where and what kind, without the values. */
function issuesOf(error: ZodError): string {
  return error.issues
    .slice(0, 10)
    .map((issue) => `${issue.path.map(keyOf).join('.')}: ${issue.code}`)
    .join('; ');
}

/** A provider's object may have people's addresses as keys. */
function keyOf(key: PropertyKey): string {
  return typeof key === 'number' ? `${key}` : /^[a-zA-Z_]{1,40}$/.test(String(key)) ? String(key) : '?';
}

/** Takes out what is quoted, query parameters, numbers as long as a phone’s, addresses and long tokens. */
export function scrub(message: string): string {
  return message
    .replace(/\nparams:[\s\S]*$/, '')
    .replace(/"[^"]*"|'[^']*'|`[^`]*`|“[^”]*”/g, '"…"')
    .replace(/[\w.+-]+@[\w.-]+/g, '…')
    .replace(/\+?\d[\d ().-]{5,}\d/g, '…')
    .replace(/[\w-]{24,}/g, '…')
    .slice(0, 500);
}

function framesOf({ stack }: Error): { stack?: string } {
  const frames = stack?.split('\n').filter((line) => /^\s+at /.test(line));
  return frames?.length
    ? {
        stack: frames
          .slice(0, 20)
          .map((line) => line.trim())
          .join('\n'),
      }
    : {};
}
