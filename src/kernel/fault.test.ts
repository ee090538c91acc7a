import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defineFaults, isMalfunction } from './fault.ts';

const faults = defineFaults('test', {
  refused: { status: 400, message: 'No.' },
  broken: { status: 500, message: 'Broken.' },
  notYet: { status: 501, message: 'Not yet.' },
  busy: { status: 503, message: 'Busy.' },
});

test('an operator has to see defects and faults of the server, not refusals and not what it does not do by design', () => {
  for (const error of [new TypeError('x'), 'x', undefined, faults.broken(), faults.busy()]) {
    assert.equal(isMalfunction(error), true, String(error));
  }
  for (const fault of [faults.refused(), faults.notYet()]) assert.equal(isMalfunction(fault), false, fault.code);
});
