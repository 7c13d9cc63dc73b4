import { createHash, randomBytes } from 'node:crypto';
import { ROOT_CONTEXT, SpanStatusCode, trace, TraceFlags, type Context, type Tracer } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  TraceIdRatioBasedSampler,
  TracerProvider,
  type IdGenerator,
  type SpanExporter as Exporter,
} from '@opentelemetry/sdk-trace';
import { spans, type Span, type SpanExporter } from './tracing';

/** What the collector does not take in time is lost: spans must not pile up here, nor a stop wait for them. */
const MAX_WAITING = 8192;
const EVERY_MS = 1000;
const PATIENCE_MS = 5000;
const CLOSE_MS = 2000;

export interface OtlpOptions {
  /** Of the collector; traces go to `/v1/traces` below it. */
  endpoint: string;
  headers: Record<string, string>;
  service: string;
  /** Share of traces that are told, 0 to 1; the same ones in every process. */
  ratio: number;
  /** Hears how many spans were taken, or lost. */
  sent(outcome: 'taken' | 'lost', count: number): void;
}

/** OpenTelemetry's exporter for OTLP over HTTP. Loaded only where tracing is on. */
export class OtlpExporter implements SpanExporter {
  private readonly ids = new GivenIds();
  private readonly provider: TracerProvider;
  private readonly tracer: Tracer;

  constructor({ endpoint, headers, service, ratio, sent }: OtlpOptions) {
    const url = `${endpoint.replace(/\/$/, '')}/v1/traces`;
    const exporter = counted(new OTLPTraceExporter({ url, headers, timeoutMillis: PATIENCE_MS }), sent);
    const batches = { exporter, maxQueueSize: MAX_WAITING, scheduledDelayMillis: EVERY_MS };
    this.provider = new TracerProvider({
      resource: resourceFromAttributes({ 'service.name': service, 'process.pid': process.pid }),
      sampler: new TraceIdRatioBasedSampler(ratio),
      idGenerator: this.ids,
      spanProcessors: [new BatchSpanProcessor(batches)],
    });
    this.tracer = this.provider.getTracer('parley');
  }

  tell({ name, of, beganMs, endedMs = performance.now(), attributes = {}, error, after }: Span): void {
    if (of === null) return;
    const { traceId, rootId } = idsOf(of);
    const isRoot = spans[name] === 'root';
    this.ids.next = isRoot ? { traceId, spanId: rootId } : null;
    const options = {
      root: isRoot,
      startTime: wallMs(beganMs),
      attributes,
      links: after ? [{ context: contextOf(after) }] : [],
    };
    const span = this.tracer.startSpan(name, options, isRoot ? ROOT_CONTEXT : below(of));
    if (error !== undefined) span.setStatus({ code: SpanStatusCode.ERROR, message: error });
    span.end(wallMs(endedMs));
  }

  async close(): Promise<void> {
    const late = new Promise((resolve) => setTimeout(resolve, CLOSE_MS).unref());
    await Promise.race([this.provider.shutdown().catch(() => {}), late]); // its losses are counted
  }
}

/** Ids of a trace's root, where given; else of chance. */
class GivenIds implements IdGenerator {
  next: { traceId: string; spanId: string } | null = null;

  generateTraceId(): string {
    return this.next?.traceId ?? randomBytes(16).toString('hex');
  }

  generateSpanId(): string {
    return this.next?.spanId ?? randomBytes(8).toString('hex');
  }
}

/** A UUID is its trace's id without its dashes, so that a line of the log finds its trace; of other words a hash. */
export function idsOf(of: string): { traceId: string; rootId: string } {
  const hash = createHash('sha256').update(of).digest('hex');
  const isUuid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(of);
  return { traceId: isUuid ? of.replaceAll('-', '').toLowerCase() : hash.slice(16, 48), rootId: hash.slice(0, 16) };
}

function contextOf(of: string) {
  const { traceId, rootId } = idsOf(of);
  return { traceId, spanId: rootId, traceFlags: TraceFlags.SAMPLED, isRemote: true };
}

function below(of: string): Context {
  return trace.setSpanContext(ROOT_CONTEXT, contextOf(of));
}

/** Of the wall clock now, not of when the process began: those of several machines are compared. */
function wallMs(monotonicMs: number): number {
  return Date.now() - (performance.now() - monotonicMs);
}

function counted(exporter: Exporter, sent: OtlpOptions['sent']): Exporter {
  return {
    export: (batch, done) =>
      exporter.export(batch, (result) => {
        sent(result.error ? 'lost' : 'taken', batch.length);
        done(result);
      }),
    forceFlush: () => exporter.forceFlush?.() ?? Promise.resolve(),
    shutdown: () => exporter.shutdown(),
  };
}
