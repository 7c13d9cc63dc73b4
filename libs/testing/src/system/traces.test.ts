import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { sendMessage } from '@parley/contracts/messages';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { TestStream } from '../event-stream';
import { startOtlpCollector, type CollectedSpan, type OtlpCollector } from '../otlp-collector';
import type { TestMember, TestTenant } from '../tenant';
import { waitFor } from '../wait-for';
import { startSystem, type LiveAccount, type System } from './system';

const CUSTOMER = { from: '+12025550171', name: 'Ottilie Canary', text: 'is the canary still yellow' };
const ANSWER = 'this canary is blue';

let collector: OtlpCollector;
let system: System;
let tenant: TestTenant;
let owner: TestMember;
let account: LiveAccount;
let stream: TestStream;

beforeAll(async () => {
  collector = await startOtlpCollector();
  system = await startSystem({
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_EXPORTER_OTLP_HEADERS: 'x-collector-key=opensesame' },
  });
  ({ tenant, owner } = await system.app.newTenant());
  account = await system.connect(tenant, 'evolution');
  stream = await TestStream.open({ url: system.app.url, cookie: owner.cookie });
  await waitFor('its first words', () => stream.retries.length > 0);
});
afterAll(async () => {
  stream?.cut();
  await system?.close();
  await collector?.close();
});

const traceIdOf = (uuid: string) => uuid.replaceAll('-', '');

/** The trace, once it has all of these. */
function trace(traceId: string, names: string[]): Promise<CollectedSpan[]> {
  const spans = () => collector.spans.filter((span) => span.traceId === traceId);
  return waitFor(
    `${names.join(', ')}; there were ${[...new Set(collector.spans.map(({ name }) => name))].join(', ')}`,
    () => {
      const found = spans();
      return names.every((name) => found.some((span) => span.name === name)) && found;
    },
  );
}

const first = (spans: CollectedSpan[], name: string) => {
  const span = spans.find((one) => one.name === name);
  if (!span) throw new Error(`no span ${name}`);
  return span;
};

/** One root, everything below it, and none begins before the one that led to it. */
function expectWhole(spans: CollectedSpan[], names: string[]): void {
  const roots = spans.filter(({ parentSpanId }) => parentSpanId === '');
  expect(roots.map(({ name }) => name)).toEqual([names[0]]);
  for (const span of spans.filter(({ parentSpanId }) => parentSpanId !== ''))
    expect([span.name, span.parentSpanId]).toEqual([span.name, roots[0]?.spanId]);
  // Not where they end: the next process may be done before this one is back from having told it.
  const begins = names.map((name) => first(spans, name).began);
  expect(begins).toEqual([...begins].sort((a, b) => Number(a - b)));
}

it('one trace leads from a webhook to the screen, through three processes', async () => {
  await system.simulator.receive('evolution', account.ref, { kind: 'text', ...CUSTOMER });
  await waitFor('the message on the screen', () => stream.events.find(({ type }) => type === 'message.created'));
  const [row] = await system.app.sql<{ correlation_id: string }[]>`select correlation_id from events
    where tenant_id = ${tenant.id} and type = 'message.created'`;
  const names = ['intake.flush', 'webhook.receive', 'lane.apply', 'realtime.publish', 'sse.write'];
  const spans = await trace(traceIdOf(row?.correlation_id ?? ''), names);
  expectWhole(spans, ['webhook.receive', 'lane.apply', 'realtime.publish']);
  expect(names.map((name) => first(spans, name).service)).toEqual(
    ['api', 'api', 'worker', 'worker', 'api'].map((service) => `parley-${service}`),
  );
  expect(first(spans, 'webhook.receive').attributes).toEqual({ provider: 'evolution', outcome: 'kept' });
  expect(first(spans, 'lane.apply').attributes).toMatchObject({ account: account.id });
  expect(first(spans, 'sse.write').attributes).toMatchObject({ type: 'message.created', streams: '1' });
});

it('one trace leads from a send to its result on the screen, and names the request that it came from', async () => {
  const [conversation] = await system.app.sql<
    { id: string }[]
  >`select id from conversations where tenant_id = ${tenant.id}`;
  const sent = await system.app
    .as(owner)
    .call(
      sendMessage,
      { body: { conversationId: conversation?.id ?? '', content: { type: 'text', text: ANSWER } } },
      { 'x-request-id': 'asked-for-by-4711' },
    );
  expect(sent.status).toBe(202);
  const names = ['send.request', 'delivery.claim', 'provider.call', 'delivery.result', 'realtime.publish', 'sse.write'];
  const spans = await trace(traceIdOf(sent.body.messageId), names);
  expectWhole(spans, names.slice(0, -1));
  const [request] = collector.spans.filter(
    ({ name, attributes }) => name === 'http.request' && attributes.method === 'POST',
  );
  expect(request?.attributes).toMatchObject({
    status: '202',
    route: expect.stringContaining('send_message') as string,
  });
  expect(first(spans, 'send.request').links).toEqual([request?.traceId]);
  expect(first(spans, 'provider.call')).toMatchObject({ failed: false, attributes: { provider: 'evolution' } });
});

it('a send that the provider refuses is told as a failure, in a word of ours', async () => {
  const [conversation] = await system.app.sql<
    { id: string }[]
  >`select id from conversations where tenant_id = ${tenant.id}`;
  await system.simulator.faults('evolution', account.ref, [{ kind: '5xx', times: 1 }]);
  const body = { conversationId: conversation?.id ?? '', content: { type: 'text' as const, text: ANSWER } };
  const sent = await system.app.as(owner).call(sendMessage, { body });
  const spans = await trace(traceIdOf(sent.body.messageId), ['provider.call']);
  expect(first(spans, 'provider.call').failed).toBe(true);
});

it('nothing that anybody wrote, no number and no secret is in any span', async () => {
  const text = collector.text();
  const { webhookSecret, apiKey } = account.config as Record<string, string>;
  const token = account.webhookPath.split('/').at(-1) ?? '';
  const words = [
    ...Object.values(CUSTOMER),
    ANSWER,
    CUSTOMER.from.slice(1),
    owner.cookie,
    owner.email,
    webhookSecret,
    apiKey,
    token,
  ];
  expect(words.filter((word) => !word)).toEqual([]);
  expect(words.filter((word) => word && text.includes(word))).toEqual([]);
  expect(text.length).toBeGreaterThan(1000);
  expect(new Set(collector.headers.map((headers) => headers['x-collector-key']))).toEqual(new Set(['opensesame']));
});

it('each step was counted as well', async () => {
  const headers = { authorization: `Bearer ${system.app.env.METRICS_TOKEN}` };
  const text = await (await fetch(`${system.workerUrls[0]}/metrics`, { headers })).text();
  const value = (series: string) => Number(new RegExp(`^parley_${series} (.+)$`, 'm').exec(text)?.[1] ?? NaN);
  expect(value('lane_batch_rows_sum')).toBeGreaterThan(0);
  expect(value('lane_batch_duration_seconds_count')).toBeGreaterThan(0);
  expect(value('send_duration_seconds_count\\{provider="evolution"\\}')).toBe(1);
  expect(value('inbox_message_processing_duration_seconds_count\\{provider="evolution"\\}')).toBeGreaterThan(0);
  expect(value('trace_spans_total\\{outcome="taken"\\}')).toBeGreaterThan(0);
});

// What is not loaded costs neither time at the start nor memory.
it('nothing of OpenTelemetry is loaded unless an operator asks for it', () => {
  for (const app of ['api', 'worker']) {
    const dist = path.resolve(import.meta.dirname, '../../../../apps', app, 'dist');
    const using = readdirSync(dist).filter((file) =>
      /from ["']@opentelemetry/.test(readFileSync(path.join(dist, file), 'utf8')),
    );
    expect(using.filter((file) => file.endsWith('.js')).map((file) => file.split('-')[0])).toEqual(['otlp']);
    expect(readFileSync(path.join(dist, 'main.js'), 'utf8')).not.toMatch(/^import .*otlp-exporter/m);
  }
});
