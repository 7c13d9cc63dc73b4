import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

const fast = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const slow = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

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

  readonly queueBacklog = this.gauge(
    'queue_backlog',
    'Rows that wait: webhooks to apply, deliveries to send. Each is counted up to 10,000.',
    ['queue'],
  );
  readonly queueOldest = this.gauge('queue_oldest_seconds', 'Age of the oldest of them.', ['queue']);
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

  readonly realtimeConnections = this.gauge('realtime_connections', 'Open streams.');
  readonly realtimeEvents = this.counter('realtime_events_total', 'Events written to streams.', ['type']);
  readonly realtimeResets = this.counter('realtime_resets_total', 'Streams that were told to start again.', ['reason']);
  readonly realtimeReplays = this.counter(
    'realtime_replayed_events_total',
    'Events read again from the database, to close a gap.',
  );

  constructor() {
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
