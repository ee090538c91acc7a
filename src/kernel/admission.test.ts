import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Admission, activities, createAdmission, documentedQuotas, type Limiting } from './admission.ts';
import { Fault } from './fault.ts';

function admissionOn(limiting: Limiting, hasDocumentedQuotas = false) {
  let now = 1_000;
  const admission = createAdmission({ limiting, hasDocumentedQuotas, now: () => now });
  return {
    admission,
    pass(seconds: number) {
      now += seconds;
    },
    admitted: (times: number, ask: (admission: Admission) => void): number =>
      Array.from({ length: times }, () => waitOf(() => ask(admission))).filter((wait) => wait === 0).length,
  };
}

/** Seconds to wait, 0 when admitted. */
function waitOf(ask: () => void): number {
  try {
    ask();
    return 0;
  } catch (error) {
    assert.ok(error instanceof Fault && error.code === 'limits.tooMany' && error.status === 429);
    return Number(error.data['retryAfterSeconds']);
  }
}

test('an address has its own budget for each activity, and other addresses have theirs', () => {
  const { admitted, admission, pass } = admissionOn('strict');
  const { amount, seconds } = activities.signIn.perAddress.strict;
  assert.equal(
    admitted(amount + 50, (one) => one.byAddress('signIn', '192.0.2.1')),
    amount,
  );
  assert.equal(
    admitted(10, (one) => one.byAddress('page', '192.0.2.1')),
    10,
  );
  assert.equal(
    admitted(10, (one) => one.byAddress('signIn', '192.0.2.2')),
    10,
  );
  const wait = waitOf(() => admission.byAddress('signIn', '192.0.2.1'));
  assert.ok(wait > 0 && wait <= seconds / amount, String(wait));
  pass(wait);
  assert.equal(
    admitted(10, (one) => one.byAddress('signIn', '192.0.2.1')),
    1,
  );
});

test('all addresses of one /64 share a budget', () => {
  const { admitted } = admissionOn('strict');
  let host = 0;
  const ask = (one: Admission): void => {
    host += 1;
    one.byAddress('device', `2001:db8::${host.toString(16)}`);
  };
  assert.equal(admitted(1_000, ask), activities.device.perAddress.strict.amount);
});

test('a school of two thousand signs in behind one address within five minutes', () => {
  const { admitted, pass } = admissionOn('generous');
  const school = '198.51.100.7';
  const [people, rounds] = [2_000, 10];
  for (let round = 0; round < rounds; round += 1) {
    const some = people / rounds;
    assert.equal(
      admitted(some, (one) => one.byAddress('signIn', school)),
      some,
    );
    assert.equal(
      admitted(some * 6, (one) => one.byAddress('page', school)),
      some * 6,
    );
    assert.equal(
      admitted(some, (one) => one.byAddress('token', school)),
      some,
    );
    assert.equal(
      admitted(some, (one) => one.byAddress('metadata', school)),
      some,
    );
    const wrong = Array.from({ length: some / 5 }, () => waitOf(() => assert.ok(attemptWith(school))));
    assert.ok(wrong.every((wait) => wait === 0));
    pass(30);
  }
  function attemptWith(address: string): boolean {
    return admitted(1, (one) => assert.ok(one.attempt('wrongPassword', address))) === 1;
  }
});

test('attempts that did not count are not counted', () => {
  const { admission } = admissionOn('strict');
  const most = activities.wrongPassword.perAddress.strict.amount;
  for (let count = 0; count < most * 3; count += 1) admission.attempt('wrongPassword', '192.0.2.1')?.();
  for (let count = 0; count < most; count += 1) assert.ok(admission.attempt('wrongPassword', '192.0.2.1'));
  assert.equal(admission.attempt('wrongPassword', '192.0.2.1'), undefined);
});

test('the machine itself is counted only when the limits are strict', () => {
  const most = activities.device.perAddress.generous.amount;
  const ask = (one: Admission): void => one.byAddress('device', '127.0.0.1');
  assert.equal(admissionOn('generous').admitted(most + 10, ask), most + 10);
  assert.equal(admissionOn('strict').admitted(most, ask), activities.device.perAddress.strict.amount);
});

test('a tenant has a budget whoever asks, and another tenant has its own', () => {
  const { admitted } = admissionOn('strict');
  const most = activities.signIn.perTenant.strict.amount;
  assert.equal(
    admitted(most + 10, (one) => one.byTenant('signIn', 'contoso')),
    most,
  );
  assert.equal(
    admitted(10, (one) => one.byTenant('signIn', 'fabrikam')),
    10,
  );
});

test('without limits everything is admitted', () => {
  const ask = (one: Admission): void => {
    one.byAddress('device', '192.0.2.1');
    one.byTenant('device', 'contoso');
    one.spend('contoso', '192.0.2.1', 1_000);
  };
  assert.equal(admissionOn('none').admitted(20_000, ask), 20_000);
});

test('the documented quotas: so many requests of an address at a tenant, and costs that a tenant shares', () => {
  const { admitted, pass } = admissionOn('none', true);
  const most = documentedQuotas.tenant.amount;
  assert.equal(
    admitted(most, (one) => one.spend('contoso', '127.0.0.1', 4)),
    most / 4,
  );
  assert.equal(
    admitted(10, (one) => one.spend('contoso', '192.0.2.9', 4)),
    0,
    'whoever asks',
  );
  assert.equal(
    admitted(10, (one) => one.spend('fabrikam', '127.0.0.1', 4)),
    10,
  );
  pass(1);
  assert.equal(
    admitted(most, (one) => one.spend('contoso', '127.0.0.1', 1)),
    most,
  );
  const address = documentedQuotas.addressAtTenant.amount;
  const slowly = Array.from({ length: address }, () => {
    pass(0.005);
    return admitted(1, (one) => one.spend('contoso', '192.0.2.77', 1));
  });
  assert.ok(slowly.reduce((sum, one) => sum + one, 0) >= address * 0.99);
});
