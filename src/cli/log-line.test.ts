import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defineFaults, type Observation } from '../kernel/index.ts';
import { errorTold, logged, logLine } from './log-line.ts';

const now = new Date('2026-11-22T01:02:03.004Z');
const faults = defineFaults('test', {
  broken: { status: 503, message: "The disk '{disk}' is full." },
  refused: { status: 409, message: "'{value}' is taken." },
});
const marker = 'ada-marker@contoso.example';

const lineOf = (observation: Observation, ...rest: readonly [] | readonly [{ traceId: string; spanId: string }]) =>
  JSON.parse(logLine(observation, now, ...rest)) as Readonly<Record<string, unknown>>;

test('a line has the names of the log data model, and those of the trace where there is one', () => {
  const observation: Observation = {
    kind: 'http.answered',
    method: 'GET',
    route: '/beta/users/{id}',
    status: 200,
    milliseconds: 1.5,
    correlationId: 'c',
  };
  const { kind: _, ...members } = observation;
  const head = {
    timestamp: '2026-11-22T01:02:03.004Z',
    severity_text: 'INFO',
    severity_number: 9,
    kind: 'http.answered',
  };
  assert.deepEqual(lineOf(observation), { ...head, ...members });
  const ids = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16) };
  assert.deepEqual(lineOf(observation, ids), { ...head, ...members, trace_id: ids.traceId, span_id: ids.spanId });
});

test('what no list names is not written, whatever is put into an observation', () => {
  const values = { mail: marker, to: marker, path: marker, body: { mail: marker }, error: new Error(marker) };
  for (const kind of Object.keys(logged) as Observation['kind'][]) {
    const named = logged[kind].members as readonly string[];
    const others = Object.entries(values).filter(([name]) => name === 'error' || !named.includes(name));
    const stuffed = { kind, ...Object.fromEntries(others) } as unknown as Observation;
    assert.ok(!logLine(stuffed, now).includes('ada-marker'), kind);
  }
});

test('of an error its class, its code and its place are told, and its words only when they are the server’s own', () => {
  const told = errorTold(
    faults.broken({ disk: 'd' }, new TypeError(`cannot store ${marker}\n    at /x/${marker}:1:1`)),
  );
  assert.deepEqual([told['class'], told['code'], told['message']], ['Fault', 'test.broken', "The disk 'd' is full."]);
  assert.match(JSON.stringify(told), /log-line\.test\.ts:\d+/);
  assert.equal((told['cause'] as Readonly<Record<string, unknown>>)['class'], 'TypeError');
  assert.ok(!JSON.stringify(told).includes('ada-marker'));
  assert.equal(errorTold(faults.refused({ value: marker }))['message'], undefined);
  for (const thrown of [marker, { marker }, null, undefined, 7]) {
    assert.ok(!JSON.stringify(errorTold(thrown)).includes('ada-marker'));
  }
});

test('an error that names itself after a value tells nothing of it', () => {
  const odd = Object.assign(new Error(marker), { code: `E ${marker}`, name: marker });
  odd.stack = `${marker}: ${marker}\n    at ${marker} (/srv/${marker}\n    at eval (${marker}:1:1)`;
  assert.ok(!JSON.stringify(errorTold(odd)).includes('ada-marker'));
});
