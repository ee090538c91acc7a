import assert from 'node:assert/strict';
import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import { decodeJwt, isSignedBy, signJwt } from './jwt.ts';

const made = () => generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const [ours, foreign] = [made(), made()];
const key = createPublicKey(ours);
const token = signJwt({ kid: 'k', privateKey: ours }, { sub: 'somebody' });
const [head = '', body = '', tail = ''] = token.split('.');

const signedBy = (text: string, by = key): boolean => {
  const jwt = decodeJwt(text);
  assert.ok(jwt);
  return isSignedBy(jwt, by);
};

test('a token that was verified is verified by its own key only, however often it is seen', () => {
  assert.equal(signedBy(token), true);
  assert.equal(signedBy(token), true);
  assert.equal(signedBy(token, createPublicKey(foreign)), false);
});

test('a token that was verified lends nothing to one that differs from it in any part', () => {
  assert.equal(signedBy(token), true);
  const other = Buffer.from(JSON.stringify({ sub: 'somebody else' })).toString('base64url');
  const [, , foreignTail = ''] = signJwt({ kid: 'k', privateKey: foreign }, { sub: 'somebody' }).split('.');
  assert.equal(signedBy(`${head}.${other}.${tail}`), false);
  assert.equal(signedBy(`${head}.${body}.${foreignTail}`), false);
  assert.equal(signedBy(`${head}.${body}.${foreignTail}`), false, 'a refusal is not remembered as anything else');
  assert.equal(signedBy(token), true);
});
