import { randomUUID } from 'node:crypto';
import { startHttpStub } from '@parley/testing/http-stub';
import { startOtlpCollector, type OtlpCollector } from '@parley/testing/otlp-collector';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Metrics } from './metrics';
import { idsOf, OtlpExporter } from './otlp-exporter';
import { startTracing } from './tracing';

let collector: OtlpCollector;
beforeAll(async () => {
  collector = await startOtlpCollector();
});
afterAll(() => collector?.close());

const options = { OTEL_EXPORTER_OTLP_HEADERS: '', OTEL_SERVICE_NAME: undefined, OTEL_TRACES_SAMPLER_ARG: 1 };

it('is off without an endpoint', async () => {
  const tracing = await startTracing({ ...options, OTEL_EXPORTER_OTLP_ENDPOINT: undefined }, 'api', new Metrics());
  expect(tracing.isOn).toBe(false);
  tracing.tell({ name: 'sse.write', of: randomUUID(), beganMs: performance.now() });
  await tracing.close();
});

it('finds the trace of a line in the log: its id is the correlation id, a caller’s own words are hashed', () => {
  const uuid = 'B1946AC9-2492-4D23-8F46-6AE2D7A0C1F0';
  expect(idsOf(uuid).traceId).toBe('b1946ac924924d238f466ae2d7a0c1f0');
  const { traceId, rootId } = idsOf('callers-own-4711');
  expect([traceId, rootId]).toEqual([expect.stringMatching(/^[\da-f]{32}$/), expect.stringMatching(/^[\da-f]{16}$/)]);
  expect(idsOf('callers-own-4712').traceId).not.toBe(traceId);
});

it('tells a share of the traces, the same ones in every process, and each whole', async () => {
  const taken: number[] = [];
  const newExporter = (service: string) =>
    new OtlpExporter({
      endpoint: `${collector.url}/`,
      headers: {},
      service,
      ratio: 0.3,
      sent: (outcome, count) => outcome === 'taken' && taken.push(count),
    });
  const [api, worker] = [newExporter('api'), newExporter('worker')];
  const traces = Array.from({ length: 300 }, () => randomUUID());
  for (const of of traces) {
    api.tell({ name: 'webhook.receive', of, beganMs: performance.now() });
    worker.tell({ name: 'lane.apply', of, beganMs: performance.now() });
  }
  await Promise.all([api.close(), worker.close()]);
  const of = (service: string) => new Set(collector.spans.filter((s) => s.service === service).map((s) => s.traceId));
  expect(of('api').size).toBeGreaterThan(40);
  expect(of('api').size).toBeLessThan(160);
  expect(of('worker')).toEqual(of('api'));
  expect(taken.reduce((sum, n) => sum + n, 0)).toBe(2 * of('api').size);
});

it('counts what a collector refused', async () => {
  const [metrics, stub] = [new Metrics(), await startHttpStub()];
  stub.answer(() => ({ status: 400 }));
  const tracing = await startTracing({ ...options, OTEL_EXPORTER_OTLP_ENDPOINT: stub.url }, 'worker', metrics);
  tracing.tell({ name: 'lane.apply', of: randomUUID(), beganMs: performance.now() });
  await tracing.close();
  await stub.close();
  expect((await metrics.traceSpans.get()).values).toEqual([{ labels: { outcome: 'lost' }, value: 1 }]);
});
