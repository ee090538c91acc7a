import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { defineFaults, type Observation } from '../../src/kernel/index.ts';
import { openTelemetry } from '../../src/operations/index.ts';
import { otlpReceiver } from '../support/otlp-receiver.ts';

const faults = defineFaults('test', {
  broken: { status: 500, message: 'It broke.' },
  refused: { status: 409, message: 'No.' },
});
/** The exporters read the environment by themselves. */
async function traced(t: TestContext, url: string) {
  process.env['OTEL_EXPORTER_OTLP_ENDPOINT'] = url;
  t.after(() => delete process.env['OTEL_EXPORTER_OTLP_ENDPOINT']);
  const observed: Observation[] = [];
  const services = { version: '1', observe: (one: Observation) => void observed.push(one), snapshot: () => ({}) };
  return { ...(await openTelemetry({ OTEL_TRACES_EXPORTER: 'otlp' }, services)), observed };
}

test('work inside work is one trace; errors are told by their code; what begins elsewhere is another', async (t) => {
  const receiver = await otlpReceiver();
  t.after(receiver.close);
  const { trace, close } = await traced(t, receiver.endpoint);
  const ids: (string | undefined)[] = [];
  const work = trace.span({ name: 'outer', facts: { 'usher.correlation_id': 'the-journey' } }, async () => {
    ids.push(trace.current()?.traceId);
    await trace.span({ name: 'inner' }, async () => void ids.push(trace.current()?.traceId));
    const late = trace.bound(() => void ids.push(trace.current()?.traceId));
    setImmediate(late);
    await trace.span({ name: 'refused' }, async () => Promise.reject(faults.refused())).catch(() => undefined);
    throw faults.broken({}, new Error('marker'));
  });
  await assert.rejects(work, /It broke/);
  await new Promise(setImmediate);
  await trace.span({ name: 'another' }, async () => void ids.push(trace.current()?.traceId));
  const [outer, inner, late, another] = ids;
  assert.match(String(outer), /^[0-9a-f]{32}$/);
  assert.deepEqual([inner, late], [outer, outer]);
  assert.notEqual(another, outer);
  await close();
  const told = receiver.received('/v1/traces').toString('latin1');
  for (const text of ['outer', 'inner', 'test.refused', 'test.broken', 'the-journey'])
    assert.ok(told.includes(text), text);
  assert.equal(told.split('the-journey').length - 1, 3, 'on the outer span and on both inside');
  assert.doesNotMatch(told, /marker|It broke/);
});

test('a collector that is down costs nobody anything, and is told of once', async (t) => {
  process.env['OTEL_EXPORTER_OTLP_TIMEOUT'] = '300';
  t.after(() => delete process.env['OTEL_EXPORTER_OTLP_TIMEOUT']);
  const { trace, close, observed } = await traced(t, 'http://127.0.0.1:1');
  for (let round = 0; round < 3; round += 1) assert.equal(await trace.span({ name: 'x' }, async () => round), round);
  await close();
  assert.deepEqual(
    observed.map((one) => one.kind === 'warning' && one.message),
    ['Traces or metrics could not be exported.'],
  );
});
