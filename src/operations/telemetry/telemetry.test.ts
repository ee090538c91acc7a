import assert from 'node:assert/strict';
import { test } from 'node:test';
import { untraced } from '../../kernel/index.ts';
import { readTelemetry } from './settings.ts';
import { openTelemetry } from './telemetry.ts';

const endpoint = 'http://collector:4318';
const what = (variables: Readonly<Record<string, string>>) => {
  const { traces, metrics } = readTelemetry(variables);
  return { traces, metrics };
};

test('an endpoint or an exporter asks for export, and nothing else does', () => {
  assert.deepEqual(what({}), { traces: false, metrics: false });
  assert.deepEqual(what({ OTEL_SERVICE_NAME: 'x', OTEL_TRACES_SAMPLER: 'always_on' }), {
    traces: false,
    metrics: false,
  });
  assert.deepEqual(what({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint }), { traces: true, metrics: true });
  assert.deepEqual(what({ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: endpoint }), { traces: true, metrics: false });
  assert.deepEqual(what({ OTEL_TRACES_EXPORTER: 'OTLP' }), { traces: true, metrics: false });
  const both = {
    OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
    OTEL_METRICS_EXPORTER: 'prometheus',
    OTEL_TRACES_EXPORTER: 'none',
  };
  assert.deepEqual(what(both), { traces: false, metrics: false });
  assert.deepEqual(what({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_SDK_DISABLED: 'true' }), {
    traces: false,
    metrics: false,
  });
});

test('what is asked for and not there is told, and stops nothing', () => {
  const settings = readTelemetry({
    OTEL_TRACES_EXPORTER: 'otlp,zipkin',
    OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
    OTEL_PROPAGATORS: 'b3',
    OTEL_METRIC_EXPORT_INTERVAL: 'soon',
  });
  assert.equal(settings.traces, true);
  assert.equal(settings.propagates, false);
  assert.equal(settings.metricMilliseconds.interval, 60_000);
  assert.equal(settings.warnings.length, 3);
  for (const word of ['zipkin', 'grpc', 'b3'])
    assert.ok(
      settings.warnings.some((one) => one.includes(word)),
      word,
    );
});

test('nothing is traced while nobody asks for it', async () => {
  const { trace } = await openTelemetry({}, { version: '1', observe: () => undefined, snapshot: () => ({}) });
  assert.equal(trace, untraced);
  assert.equal(await trace.span({ name: 'x' }, async () => 7), 7);
  assert.deepEqual([trace.current(), trace.onward()], [undefined, {}]);
});
