import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Observation } from '../../kernel/index.ts';
import { metricNames, metricOf } from './declared.ts';
import { createMetrics, type Metrics, metricsPage } from './metrics.ts';
import { prometheusName, prometheusText } from './prometheus.ts';
import { createRegistry, mostSeries, together } from './registry.ts';

const answered = (changes: Partial<Extract<Observation, { kind: 'http.answered' }>> = {}): Observation => ({
  kind: 'http.answered',
  method: 'GET',
  route: '/beta/users/{id}',
  status: 200,
  milliseconds: 60,
  correlationId: 'c',
  ...changes,
});

const pageOf = (metrics: Metrics): string => metricsPage().answer([metrics.snapshot()]).body;

/** The samples of the page, by name and labels. */
const samplesOf = (text: string): ReadonlyMap<string, number> =>
  new Map(
    text
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]),
  );

test('a request is in every bucket that it is not too long for', (t) => {
  const metrics = createMetrics();
  t.after(metrics.close);
  metrics.observe(answered());
  metrics.observe(answered({ milliseconds: 20_000 }));
  const samples = samplesOf(pageOf(metrics));
  const labels = 'http_request_method="GET",http_route="/beta/users/{id}",http_response_status_code="200"';
  const name = 'http_server_request_duration_seconds';
  const bucket = (end: string) => samples.get(`${name}_bucket{${labels},le="${end}"}`);
  assert.deepEqual([bucket('0.05'), bucket('0.075'), bucket('10'), bucket('+Inf')], [0, 1, 1, 2]);
  assert.deepEqual([samples.get(`${name}_count{${labels}}`), samples.get(`${name}_sum{${labels}}`)], [2, 20.06]);
});

test('every metric stands on the page with its kind, and every name is one that Prometheus takes', () => {
  const page = prometheusText(createRegistry().snapshot());
  for (const name of metricNames) {
    assert.match(prometheusName(name), /^[a-z_][a-z0-9_]*$/);
    assert.ok(page.includes(`# TYPE ${prometheusName(name)} ${metricOf(name).kind}\n`), name);
    for (const label of metricOf(name).labels) assert.match(label, /^[a-z][a-z0-9._]*$/);
  }
});

test('several processes are measured as one: counts are added, delays are the longest', () => {
  const [one, other] = [createRegistry(), createRegistry()];
  one.add('usher.tokens.issued', ['password'], 2);
  other.add('usher.tokens.issued', ['password']);
  other.add('usher.tokens.issued', ['refresh_token']);
  one.measure('usher.hash.duration', 0.02);
  other.measure('usher.hash.duration', 0.03);
  one.set('nodejs.eventloop.delay.max', 0.4);
  other.set('nodejs.eventloop.delay.max', 0.1);
  one.set('usher.tenants.open', 3);
  other.set('usher.tenants.open', 4);
  // As they come from another process.
  const snapshots = JSON.parse(JSON.stringify([one.snapshot(), other.snapshot()]));
  const samples = samplesOf(prometheusText(together(snapshots)));
  assert.equal(samples.get('usher_tokens_issued_total{usher_grant="password"}'), 3);
  assert.equal(samples.get('usher_tokens_issued_total{usher_grant="refresh_token"}'), 1);
  assert.equal(samples.get('usher_hash_duration_seconds_count'), 2);
  assert.equal(samples.get('usher_hash_duration_seconds_sum'), 0.05);
  assert.equal(samples.get('nodejs_eventloop_delay_max_seconds'), 0.4);
  assert.equal(samples.get('usher_tenants_open'), 7);
});

test('a metric keeps a bounded number of combinations apart, also after they came from several processes', () => {
  const registry = createRegistry();
  for (let flow = 0; flow < mostSeries + 20; flow += 1) registry.add('usher.journeys.began', [`B2C_1_${flow}`]);
  const snapshot = JSON.parse(JSON.stringify(registry.snapshot()));
  const page = prometheusText(together([snapshot, snapshot]));
  const lines = page.split('\n').filter((line) => line.startsWith('usher_journeys_began_total{'));
  assert.equal(lines.length, mostSeries + 1);
  assert.ok(page.includes('usher_journeys_began_total{otel_metric_overflow="true"} 40\n'));
});

test('what an application makes up is no label: neither its grant nor its method', (t) => {
  const metrics = createMetrics();
  t.after(metrics.close);
  metrics.observe(answered({ method: 'MARKER' }));
  metrics.observe({ kind: 'token.refused', tenantId: 't', grant: 'marker', code: 'AADB2C90086' });
  const page = pageOf(metrics);
  assert.doesNotMatch(page, /marker/i);
  assert.ok(page.includes('usher_tokens_refused_total{usher_grant="other",error_type="AADB2C90086"} 1'));
});

test('a label with quotes and line ends breaks no line', () => {
  const registry = createRegistry();
  registry.add('usher.journeys.began', ['a"b\\c\nd']);
  assert.ok(
    prometheusText(registry.snapshot()).includes('usher_journeys_began_total{usher_flow_id="a\\"b\\\\c d"} 1\n'),
  );
});

test('the process tells of itself, and so do the rooms that are watched', (t) => {
  const metrics = createMetrics();
  t.after(metrics.close);
  metrics.watch(() => ({ 'usher.hash.queue.length': 5 }));
  const samples = samplesOf(pageOf(metrics));
  assert.equal(samples.get('usher_hash_queue_length'), 5);
  assert.ok((samples.get('process_memory_usage_bytes') ?? 0) > 1e7);
  assert.ok((samples.get('process_cpu_time_seconds_total{cpu_mode="user"}') ?? 0) > 0);
  assert.ok((samples.get('nodejs_eventloop_utilization_ratio') ?? -1) >= 0);
});
