/** What one metric counts or measures. Names, units and labels are those of OpenTelemetry's semantic conventions where they have some. */
export interface Metric {
  readonly kind: 'counter' | 'histogram' | 'gauge';
  /** UCUM: `s`, `By`, `1`, or what is counted, e.g. `{journey}`. */
  readonly unit: string;
  readonly sentence: string;
  /** Each has a bounded number of values; no person, application or tenant is one. */
  readonly labels: readonly string[];
  /** Upper ends, in the unit; histograms only. */
  readonly buckets?: readonly number[];
  /** What several processes come to together; `sum` when absent. */
  readonly together?: 'sum' | 'most';
}

/** Seconds, as the conventions for HTTP have them. */
const seconds = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];
/** Seconds, for what is over in less than a millisecond. */
const briefSeconds = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5];

const counter = (unit: string, sentence: string, labels: readonly string[] = []): Metric => ({
  kind: 'counter',
  unit,
  sentence,
  labels,
});

const duration = (sentence: string, labels: readonly string[] = [], buckets: readonly number[] = seconds): Metric => ({
  kind: 'histogram',
  unit: 's',
  sentence,
  labels,
  buckets,
});

const gauge = (unit: string, sentence: string, labels: readonly string[] = []): Metric => ({
  kind: 'gauge',
  unit,
  sentence,
  labels,
});

const most = (unit: string, sentence: string): Metric => ({ ...gauge(unit, sentence), together: 'most' });

/** Every metric of the server. docs/observability.md is printed from this table. */
export const metrics = {
  'http.server.request.duration': duration('Requests, from the first header read to the connection at rest again.', [
    'http.request.method',
    'http.route',
    'http.response.status_code',
  ]),
  'usher.request.failures': counter('{request}', 'Requests that failed by a malfunction of the server.', [
    'http.route',
  ]),
  'usher.journeys.began': counter('{journey}', 'Journeys begun.', ['usher.flow.id']),
  'usher.journeys.ended': counter(
    '{journey}',
    'Journeys that came to an end: `arrived`, or why they were refused. What has begun and never ends here was abandoned.',
    ['usher.flow.id', 'usher.outcome'],
  ),
  'usher.journey.step.duration': duration('One movement of a journey.', ['usher.step', 'usher.outcome']),
  'usher.tokens.issued': counter('{response}', 'Answers with tokens or a code.', ['usher.grant']),
  'usher.tokens.refused': counter('{response}', 'Requests for tokens that were refused.', [
    'usher.grant',
    'error.type',
  ]),
  'usher.accounts.locked': counter('{account}', 'Accounts locked after wrong passwords.'),
  'usher.hash.queue.duration': duration('How long a password waited for a thread that hashes it.'),
  'usher.hash.duration': duration('How long a thread hashed one password.'),
  'usher.hash.refused': counter('{hash}', 'Passwords that were not hashed, since too many waited (503).'),
  'usher.hash.queue.length': gauge('{hash}', 'Passwords that wait for a thread.'),
  'usher.outside.duration': duration(
    'Calls of servers that administrators of tenants have named: `answered`, or why nobody did.',
    ['usher.target', 'usher.outcome'],
  ),
  'usher.message.duration': duration('Letters and text messages handed to their servers.', [
    'usher.channel',
    'usher.outcome',
  ]),
  'usher.webhook.attempts': counter('{attempt}', 'Deliveries of events to webhooks that were tried.', [
    'usher.outcome',
  ]),
  'usher.logout.notices': counter('{application}', 'Applications told of a sign-out.', ['usher.outcome']),
  'usher.store.duration': duration(
    'Questions to the database and writes; a write ends when it is durable.',
    ['db.operation.name', 'usher.outcome'],
    briefSeconds,
  ),
  'usher.directory.changes': counter('{change}', 'Entities created, updated and deleted.', [
    'usher.type',
    'usher.verb',
  ]),
  'usher.warnings': counter('{warning}', 'Warnings, each of which is a line of the log.'),
  'usher.connections.open': gauge('{connection}', 'Open connections of people and programs.'),
  'usher.tenants.open': gauge('{tenant}', 'Tenants kept open in memory.'),
  'nodejs.eventloop.delay.p50': most('s', 'Delay of the event loop since it was last asked for, median.'),
  'nodejs.eventloop.delay.p99': most('s', 'The same, 99th percentile.'),
  'nodejs.eventloop.delay.max': most('s', 'The same, the longest.'),
  'nodejs.eventloop.utilization': most(
    '1',
    'Share of the time that the main thread was busy since it was last asked for.',
  ),
  'process.cpu.time': counter('s', 'Time of processors that the process has used.', ['cpu.mode']),
  'process.memory.usage': gauge('By', 'Resident memory.'),
  'process.uptime': most('s', 'How long the process has run.'),
  'v8js.memory.heap.used': gauge('By', 'Memory of the heap in use.'),
} as const satisfies Readonly<Record<string, Metric>>;

export type MetricName = keyof typeof metrics;

export const metricNames = Object.keys(metrics) as readonly MetricName[];

/** The declaration of a metric, with the members that its kind may have. */
export const metricOf = (name: MetricName): Metric => metrics[name];
