import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { errorTable } from '../../src/oidc/index.ts';
import { type Bench, openBench } from '../support/error-codes/bench.ts';
import { excused } from '../support/error-codes/excused.ts';
import { type Provocation, provocations } from '../support/error-codes/raised.ts';
import { startUsher, type Usher } from '../support/usher.ts';

let usher: Usher;
let bench: Bench;
before(async () => {
  // So little room for passwords that it can be filled.
  usher = await startUsher({ args: ['--hash-workers', '1', '--hash-queue', '12'] });
  bench = await openBench(usher);
});
after(() => usher?.stop());

const table: Readonly<Record<string, { readonly message: string }>> = errorTable;

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** The published text, with anything in place of its values. */
const textPattern = (code: string): string =>
  (table[code]?.message ?? '')
    .split(/\{\d\}/)
    .map(escaped)
    .join('[^\\r\\n]*');

const id = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';
const time = '\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\dZ';

/** On lines of its own for applications, who search it; on a page in whatever order (b2c contract b.6). */
function patternOf({ code, channel }: Provocation): RegExp {
  const text = `${code}: ${textPattern(code)}`;
  if (channel === 'page') return new RegExp(`${text}.*${id}.*${time}`, 's');
  return new RegExp(`^${text}\\r\\nCorrelation ID: ${id}\\r\\nTimestamp: ${time}\\r\\n$`);
}

for (const row of provocations) {
  const { code, channel, error, status, raise } = row;
  test(`${code} reaches ${channel === 'page' ? 'the person on a page' : 'the application'}, in its exact shape`, async () => {
    const raised = await raise(bench);
    assert.match(raised.text, patternOf(row));
    assert.equal(raised.channel, channel);
    assert.equal(raised.error, error);
    if (status !== undefined) assert.equal(raised.status, status);
    if (channel === 'redirect') assert.equal(raised.state, 'some|state=');
  });
}

test('every code of the table is raised by a row or excused, and no excuse outlives its reason', () => {
  const raisable = provocations.map(({ code }) => code);
  assert.deepEqual(raisable, [...new Set(raisable)]);
  assert.deepEqual(
    Object.keys(errorTable).filter((code) => !raisable.includes(code) && !(code in excused)),
    [],
  );
  assert.deepEqual(
    raisable.filter((code) => code in excused),
    [],
  );
});
