import type { Env } from './env';
import type { Metrics } from './metrics';

/** Every span we tell. Those that begin a trace are its root; all others hang below it. */
export const spans = {
  'webhook.receive': 'root',
  'intake.flush': 'child',
  'lane.apply': 'child',
  'realtime.publish': 'child',
  'sse.write': 'child',
  'http.request': 'root',
  'send.request': 'root',
  'send.again': 'child',
  'delivery.claim': 'child',
  'provider.call': 'child',
  'delivery.result': 'child',
} as const satisfies Record<string, 'root' | 'child'>;
export type SpanName = keyof typeof spans;

/** Something that took place. Attributes name ids, kinds and counts; never words, addresses or secrets of anybody. */
export interface Span {
  name: SpanName;
  /** Whose trace: a correlation id, or the id of a delivery. Null: of none, and it is not told. */
  of: string | null;
  /** On the monotonic clock, ms. */
  beganMs: number;
  /** Left out: now. */
  endedMs?: number;
  attributes?: Record<string, string | number | boolean>;
  /** It failed: in a word of ours. */
  error?: string;
  /** Another trace that led to this one, by what it is of. */
  after?: string | null;
}

/** Takes spans to where the operator collects them. */
export interface SpanExporter {
  tell(span: Span): void;
  /** Sends what waits, for 2 s at most. */
  close(): Promise<void>;
}

/**
 * Traces from a webhook to the screen and from a send to its result, told after the fact. Nothing is carried from one
 * process to the next: rows have a correlation id or a delivery's already, and a trace's id is worked out of that.
 */
export class Tracing {
  constructor(private readonly exporter: SpanExporter | null = null) {}

  /** Off, nothing should be put together for `tell` that costs something. */
  get isOn(): boolean {
    return this.exporter !== null;
  }

  tell(span: Span): void {
    if (span.of !== null) this.exporter?.tell(span);
  }

  async close(): Promise<void> {
    await this.exporter?.close();
  }
}

type TracingEnv = Pick<
  Env,
  'OTEL_EXPORTER_OTLP_ENDPOINT' | 'OTEL_EXPORTER_OTLP_HEADERS' | 'OTEL_SERVICE_NAME' | 'OTEL_TRACES_SAMPLER_ARG'
>;

/** Off without an endpoint, and then nothing of OpenTelemetry is loaded. */
export async function startTracing(env: TracingEnv, service: string, metrics: Metrics): Promise<Tracing> {
  const endpoint = env.OTEL_EXPORTER_OTLP_ENDPOINT;
  if (!endpoint) return new Tracing();
  const { OtlpExporter } = await import('./otlp-exporter');
  const exporter = new OtlpExporter({
    endpoint,
    headers: headersOf(env.OTEL_EXPORTER_OTLP_HEADERS),
    service: env.OTEL_SERVICE_NAME ?? `parley-${service}`,
    ratio: env.OTEL_TRACES_SAMPLER_ARG,
    sent: (outcome, count) => metrics.traceSpans.inc({ outcome }, count),
  });
  return new Tracing(exporter);
}

/** Of `name=value`, comma separated, as OpenTelemetry writes them. */
function headersOf(list: string): Record<string, string> {
  const pairs = list.split(',').filter((pair) => pair.includes('='));
  return Object.fromEntries(
    pairs.map((pair) => [
      pair.slice(0, pair.indexOf('=')).trim(),
      decodeURIComponent(pair.slice(pair.indexOf('=') + 1).trim()),
    ]),
  );
}
