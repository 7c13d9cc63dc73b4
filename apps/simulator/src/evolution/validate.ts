import { z } from 'zod';
import { badRequest } from './errors';

/** The body in the shape that a route wants. Throws the server's 400 with one sentence for each thing that is wrong. */
export function validate<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body ?? {});
  if (parsed.success) return parsed.data;
  throw badRequest(...parsed.error.issues.map((issue) => sentence(issue, body)));
}

/** Worded as the JSON-schema validator of the server words it. */
function sentence(issue: z.core.$ZodIssue, body: unknown): string {
  const path = issue.path.map(String);
  const missing = issue.code === 'invalid_type' && valueAt(body, path) === undefined;
  if (missing) return `instance${dotted(path.slice(0, -1))} requires property "${path.at(-1) ?? ''}"`;
  if (issue.code === 'invalid_type') return `instance${dotted(path)} is not of a type(s) ${issue.expected}`;
  return `instance${dotted(path)}: ${issue.message}`;
}

const dotted = (path: string[]) => path.map((part) => `.${part}`).join('');

function valueAt(body: unknown, path: string[]): unknown {
  return path.reduce<unknown>(
    (value, part) =>
      typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[part] : undefined,
    body,
  );
}
