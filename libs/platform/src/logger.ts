import { pino, stdTimeFunctions, type DestinationStream, type Logger } from 'pino';
import type { Env } from './env';
import { describeError } from './describe-error';

/** Lines leave together: a write for each would cost a busy process a tenth of its time. The last ones leave at its exit. */
const FULL_BYTES = 4096;
const LONGEST_WAIT_MS = 100;

/**
 * The process's log: one JSON object a line. Of requests, answers and errors only what is listed here is written, so
 * that no words, addresses or secrets of people get in; whoever logs fields of their own names ids and numbers.
 */
export function createLogger(
  env: Pick<Env, 'LOG_LEVEL'>,
  service: 'api' | 'worker' | 'seed',
  destination?: DestinationStream,
): Logger {
  return pino(
    {
      level: env.LOG_LEVEL,
      base: { service, pid: process.pid },
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (level) => ({ level }) },
      serializers: {
        req: describeRequest,
        res: describeAnswer,
        err: describeError,
        error: describeError,
        cause: describeError,
      },
    },
    destination ?? pino.destination({ fd: 1, sync: false, minLength: FULL_BYTES, periodicFlush: LONGEST_WAIT_MS }),
  );
}

/** For nestjs-pino: the same log, with the correlation id on every line of a request. Its own serializers would tell more. */
export function pinoHttpOptions(logger: Logger) {
  return {
    logger,
    wrapSerializers: false,
    quietReqLogger: true,
    customAttributeKeys: { reqId: 'correlationId' },
    autoLogging: false,
  } as const;
}

interface RequestLike {
  method?: string;
  url?: string;
}

/** No headers, no body, no values of the query. */
export function describeRequest({ method, url }: RequestLike) {
  return { method, path: pathOf(url ?? '') };
}

export function describeAnswer({ statusCode }: { statusCode?: number }) {
  return { status: statusCode };
}

/** A webhook's last segment is a secret of its account. */
function pathOf(url: string): string {
  const [path = ''] = url.split('?');
  return path.replace(/^(\/api\/webhooks\/[\w-]+\/[\w-]+)\/.+$/, '$1/:token').slice(0, 200);
}
