import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Fault } from '../../kernel/index.ts';
import { isConflict, isLost, translate } from './translate.ts';

/** An error as the driver makes it of what the server says. */
const said = (code: string, message = 'value "s3cret" is in the way') =>
  Object.assign(new Error(message), { code, detail: 'Key (email)=(s3cret) already exists.' });

test('translate: what may go by itself is 503, what a request can mend is 400, the rest is told to nobody', () => {
  const codes: Readonly<Record<string, readonly [fault: string, status: number]>> = {
    '40001': ['store.contended', 503],
    '57014': ['store.slow', 503],
    '53100': ['store.full', 503],
    '53200': ['store.unavailable', 503],
    '58030': ['store.unavailable', 503],
    '57P01': ['store.unavailable', 503],
    '08006': ['store.unavailable', 503],
    '42P01': ['store.outdated', 503],
    '54000': ['store.tooLarge', 400],
    '42501': ['store.refused', 500],
    XX000: ['store.refused', 500],
  };
  for (const [code, [fault, status]] of Object.entries(codes)) {
    const error = translate(said(code));
    assert.ok(error instanceof Fault, code);
    assert.deepEqual([error.code, error.status], [fault, status], code);
    assert.ok(!error.message.includes('s3cret'));
    assert.ok(!JSON.stringify(error.cause ?? {}).includes('already exists'), 'details hold values');
  }
});

test('translate: what is no error of the database stays as it is', () => {
  for (const error of [new Fault('a.b', { status: 400, message: 'c' }, {}), new TypeError('defect'), 'text']) {
    assert.equal(translate(error), error);
    assert.equal(isLost(error), false);
  }
});

test('translate: a conflict may be tried again, a lost connection is of no use', () => {
  assert.deepEqual(
    ['40001', '40P01', '23505', '42601'].map((code) => isConflict(said(code))),
    [true, true, true, false],
  );
  assert.deepEqual(
    ['08006', '57P01', '25006', '40001'].map((code) => isLost(said(code))),
    [true, true, true, false],
  );
  assert.equal(isLost(Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET', syscall: 'read' })), true);
  assert.equal(isLost(new Error('Connection terminated unexpectedly')), true);
});
