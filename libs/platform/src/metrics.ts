import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

const fast = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const slow = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
const sizes = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];

/** Where answers are given, and how they count towards the objective: right and within a second, late, or our fault. */
export type Door = 'webhooks' | 'api';
export type Verdict = 'good' | 'slow' | 'failed';
/** What became of a statement or a connection: `again` was asked for by Postgres and is tried again. */
export type PostgresTrouble = 'lost' | 'timeout' | 'again' | 'refused';

/**
 * What this process counts, for `/metrics`. Labels are bounded: our own names and ids, never an address, a name, or
 * anything that somebody else chose. Only two counters name the tenant.
 */
export class Metrics {
  readonly registry = new Registry();

  readonly httpRequests = this.counter('http_requests_total', 'Answered HTTP requests, by route pattern.', [
    'method',
    'route',
    'status',
  ]);
  readonly httpDuration = this.histogram(
    'http_request_duration_seconds',
    'Time to the answer.',
    ['method', 'route', 'status'],
    fast,
  );

  readonly answers = this.counter(
    'answers_total',
    'Answers of the API and to webhooks, by what they are worth to the objective. Streams and pages are none.',
    ['door', 'verdict'],
  );

  readonly messagesReceived = this.counter('inbox_messages_received_total', 'Inbound messages applied.', [
    'tenant',
    'provider',
  ]);
  readonly messagesSent = this.counter('inbox_messages_sent_total', 'Outbound messages that a provider accepted.', [
    'tenant',
    'provider',
  ]);
  readonly processing = this.histogram(
    'inbox_message_processing_duration_seconds',
    'From the receipt of a webhook to its commit.',
    ['provider'],
    slow,
  );
  readonly activeThreads = this.gauge('inbox_active_threads', 'Conversations that are open, counted up to 100,000.');
  readonly deadItems = this.gauge('inbox_dead_items', 'Webhooks that could not be applied and wait for a replay.');

  readonly statusesWaiting = this.gauge(
    'inbox_statuses_waiting',
    'Ids of a provider that wait for their message since an hour to a day ago. Counted up to 10,000.',
  );

  readonly queueBacklog = this.gauge(
    'queue_backlog',
    'Rows that wait: webhooks to apply, deliveries to send. Each is counted up to 20,000.',
    ['queue'],
  );
  readonly queueOldest = this.gauge('queue_oldest_seconds', 'Age of the oldest of them that may be worked on.', [
    'queue',
  ]);
  readonly laneBlocked = this.gauge(
    'lane_blocked_seconds',
    'For how long the same row has been the first of its lane. Only lanes in which something waits.',
    ['lane'],
  );
  readonly laneBatch = this.histogram('lane_batch_rows', 'Rows of one transaction of a drain.', [], sizes);
  readonly laneDuration = this.histogram('lane_batch_duration_seconds', 'That transaction, to its commit.', [], fast);
  readonly queueActive = this.gauge('queue_active_jobs', 'Being worked on now.', ['queue']);
  readonly queueCompleted = this.counter('queue_completed_total', 'Done.', ['queue']);
  readonly queueFailed = this.counter('queue_failed_total', 'Failed for good, or tried again.', ['queue']);

  readonly webhookCalls = this.counter('webhook_calls_total', 'Calls of providers, by what was answered.', [
    'provider',
    'outcome',
  ]);
  readonly webhookDuration = this.histogram(
    'webhook_duration_seconds',
    'Time to the acknowledgement.',
    ['provider'],
    fast,
  );
  readonly webhookItems = this.counter(
    'webhook_items_total',
    'Items of kept calls: with an account here, or nobody’s.',
    ['provider', 'whose'],
  );

  readonly flushRows = this.histogram('intake_flush_rows', 'Webhooks that were kept in one insert.', [], sizes);
  readonly flushDuration = this.histogram('intake_flush_duration_seconds', 'That insert, to its commit.', [], fast);

  readonly filesFetched = this.counter(
    'files_fetched_total',
    'Tries to fetch a customer’s file: kept, to be tried again, or given up.',
    ['outcome'],
  );
  readonly fileParts = this.counter('file_parts_total', 'Parts of members’ files: whole, or broken off.', ['outcome']);
  readonly fileBytes = this.counter('file_bytes_total', 'Bytes of files: fetched, taken up, sent.', ['way']);

  readonly sendOverdue = this.gauge('send_overdue_seconds', 'For how long the longest overdue send could have gone.');
  readonly sendsUnknown = this.gauge(
    'sends_unknown',
    'Sends of the last 24 hours of which nobody knows whether they arrived: asked about still, or left to a person. Counted up to 10,000.',
    ['state'],
  );
  readonly sendDuration = this.histogram(
    'send_duration_seconds',
    'From a member’s send, or their try again, to the provider’s acceptance, without pauses.',
    ['provider'],
    slow,
  );

  readonly providerRequests = this.counter('provider_requests_total', 'Calls to providers.', [
    'provider',
    'operation',
    'outcome',
  ]);
  readonly providerDuration = this.histogram(
    'provider_request_duration_seconds',
    'Time that a provider took.',
    ['provider', 'operation'],
    slow,
  );
  readonly providerErrors = this.counter('provider_errors_total', 'Refused or unknown, by our reason.', [
    'provider',
    'reason',
  ]);
  readonly accounts = this.gauge('accounts', 'Accounts by state.', ['provider', 'state']);
  readonly accountsSilent = this.gauge(
    'accounts_silent',
    'Connected accounts without a webhook since the last full hour began, which was busy a week ago.',
    ['provider'],
  );
  readonly accountSilence = this.gauge(
    'account_silence_seconds',
    'Since the last webhook of the most silent of them.',
    ['provider'],
  );

  readonly databaseDuration = this.histogram(
    'database_query_duration_seconds',
    'Transactions, from the wait for a connection to the commit.',
    ['pool', 'kind'],
    fast,
  );
  readonly databaseBusy = this.gauge('database_pool_busy', 'Transactions that have a connection or wait for one.', [
    'pool',
  ]);
  readonly databaseMax = this.gauge('database_pool_max', 'Connections at most.', ['pool']);
  readonly postgresErrors = this.counter('postgres_errors_total', 'Statements and connections that failed.', [
    'pool',
    'kind',
  ]);
  readonly redisErrors = this.counter('redis_errors_total', 'Connections and commands that failed.', ['client']);

  readonly realtimeConnections = this.gauge('realtime_connections', 'Open streams.');
  readonly realtimeEvents = this.counter('realtime_events_total', 'Events written to streams.', ['type']);
  readonly realtimeResets = this.counter('realtime_resets_total', 'Streams that were told to start again.', ['reason']);
  readonly realtimeGapFills = this.counter(
    'realtime_gap_fills_total',
    'Gaps between live events that were closed from the database.',
  );
  readonly realtimeReplays = this.counter(
    'realtime_replayed_events_total',
    'Events read again from the database, to close a gap.',
  );

  readonly traceSpans = this.counter('trace_spans_total', 'Spans that the collector took, or that were lost.', [
    'outcome',
  ]);

  constructor() {
    for (const door of ['webhooks', 'api'] satisfies Door[])
      for (const verdict of ['good', 'slow', 'failed'] satisfies Verdict[]) this.answers.inc({ door, verdict }, 0); // a rate needs a beginning
    this.queueFailed.inc({ queue: 'webhooks' }, 0);
    collectDefaultMetrics({ register: this.registry, prefix: 'parley_' });
  }

  /** In the text format of Prometheus. */
  text(): Promise<string> {
    return this.registry.metrics();
  }

  private counter<T extends string>(name: string, help: string, labelNames: T[] = []) {
    return new Counter({ name: `parley_${name}`, help, labelNames, registers: [this.registry] });
  }

  private gauge<T extends string>(name: string, help: string, labelNames: T[] = []) {
    return new Gauge({ name: `parley_${name}`, help, labelNames, registers: [this.registry] });
  }

  private histogram<T extends string>(name: string, help: string, labelNames: T[], buckets: number[]) {
    return new Histogram({ name: `parley_${name}`, help, labelNames, buckets, registers: [this.registry] });
  }
}
