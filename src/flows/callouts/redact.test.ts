import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KnownAttribute } from './answer-claims.ts';
import { redactedAnswer, redactedRequest } from './redact.ts';

const custom = `extension_${'0'.repeat(32)}_`;
const attributes: readonly KnownAttribute[] = [
  { id: 'displayName', dataType: 'string' },
  { id: `${custom}Shoesize`, dataType: 'int64' },
  { id: `${custom}Member`, dataType: 'boolean' },
];

const canary = 'Canary-1975';

test('of a request the members, their types and what is nobody’s stay', () => {
  const body = {
    email: `${canary}@contoso.example`,
    identities: [{ signInType: 'federated', issuer: 'google.com', issuerAssignedId: canary }],
    displayName: canary,
    objectId: canary,
    postalCode: canary,
    [`${custom}Shoesize`]: 197543,
    [`${custom}Member`]: false,
    step: 'PreTokenIssuance',
    client_id: '11111111-1111-4111-8111-111111111111',
    ui_locales: 'de-CH',
  };
  const kept = redactedRequest(body, { step: 'PreTokenIssuance', audience: 'b2c', attributes });
  assert.deepEqual(Object.keys(kept), Object.keys(body));
  assert.deepEqual(
    Object.values(kept).map((value) => typeof value),
    Object.values(body).map((value) => typeof value),
  );
  assert.deepEqual([kept['step'], kept['client_id'], kept['ui_locales']], [body.step, body.client_id, body.ui_locales]);
  assert.doesNotMatch(JSON.stringify(kept), /Canary|197543/);
});

test('a member that should say nothing of a person is not believed to', () => {
  const body = { step: canary, client_id: canary, ui_locales: `${canary} and more`, other: canary, list: [canary] };
  const kept = redactedRequest(body, { step: 'PostFederationSignup', audience: 'b2x', attributes });
  assert.doesNotMatch(JSON.stringify(kept), /Canary/);
  assert.deepEqual(Object.keys(kept), Object.keys(body));
});

test('of an answer names and types stay, and how long its message was', () => {
  const answer = {
    version: '1.0.0',
    action: 'ValidationError',
    status: 400,
    userMessage: `${canary}!`,
    displayName: canary,
    number: 1975,
    [`${canary} as a name`]: 1,
    deep: { canary },
  };
  assert.deepEqual(redactedAnswer(Buffer.from(JSON.stringify(answer))), {
    version: '1.0.0',
    action: 'ValidationError',
    status: 400,
    userMessage: '(12 characters)',
    displayName: 'text',
    number: 1,
    deep: {},
  });
  assert.equal(redactedAnswer(Buffer.from(canary)), null);
  assert.equal(redactedAnswer(Buffer.from('["x"]')), null);
});
