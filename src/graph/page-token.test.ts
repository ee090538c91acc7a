import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { Fault } from '../kernel/index.ts';
import { pageTokens } from './page-token.ts';
import { parseRequest } from './request.ts';
import { exchangeOf } from './testing/harness.ts';

const tokens = pageTokens(randomBytes(32));
const purpose = ['delta', 'deltaLink', '775527ff-9a37-4307-8b3d-cc311f58d925'];
const refused = (error: unknown): boolean => error instanceof Fault && error.code === 'graph.badPageToken';
const bytes = (token: string): Buffer => Buffer.from(token, 'base64url');

test('what is sealed comes back, whatever it is', () => {
  for (const state of ['', 'Zoë \u{1F600}', { since: 346, ids: ['a'] }, [null, 1.5], 'x'.repeat(5000)]) {
    assert.deepEqual(tokens.openState(purpose, tokens.sealState(purpose, state)), state);
  }
});

test('nobody reads in a token, nor from its length, where it stands', () => {
  const stands = [346, 347, 99_999_999, Number.MAX_SAFE_INTEGER].map((since) => ({ since, limit: 100 }));
  const sealed = stands.map((state) => tokens.sealState(purpose, state));
  for (const token of sealed) assert.doesNotMatch(bytes(token).toString('latin1'), /since|limit|346/);
  const [first, next, larger, largest] = sealed.map((token) => token.length);
  assert.deepEqual([first, larger], [next, largest]);
  const [one, other] = [tokens.sealState(purpose, stands[0]), tokens.sealState(purpose, stands[0])];
  assert.notEqual(one, other);
});

test('a token is opened for its purpose and with its key only', () => {
  const token = tokens.sealState(purpose, 'state');
  assert.throws(() => tokens.openState([...purpose, ''], token), refused);
  assert.throws(() => tokens.openState(['delta', 'nextLink', ...purpose.slice(2)], token), refused);
  assert.throws(() => pageTokens(randomBytes(32)).openState(purpose, token), refused);
});

test('no bit and no letter of a token can be another', () => {
  const token = tokens.sealState(purpose, { since: 346 });
  for (let bit = 0; bit < bytes(token).length * 8; bit += 1) {
    const changed = bytes(token);
    changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
    assert.throws(() => tokens.openState(purpose, changed.toString('base64url')), refused);
  }
  const spellings = [`${token}x`, `${token}=`, ` ${token}`, `${token.slice(0, 9)}.${token.slice(9)}`, token.slice(1)];
  for (const spelling of [...spellings, token.slice(0, 38), token.slice(0, -20), '', '.', 'x'.repeat(37)]) {
    assert.throws(() => tokens.openState(purpose, spelling), refused, spelling);
  }
});

test('the place where a page ended is worth nothing in another tenant, at another path, or for another query', () => {
  const asked = (path: string) => parseRequest(exchangeOf('GET', path));
  const request = asked('/v1.0/users?$top=5');
  const token = tokens.seal(request, 'tenant-a', 'after');
  assert.equal(tokens.open(request, 'tenant-a', token), 'after');
  assert.throws(() => tokens.open(request, 'tenant-b', token), refused);
  for (const other of ['/v1.0/users?$top=6', '/beta/users?$top=5', '/v1.0/applications?$top=5', '/v1.0/users']) {
    assert.throws(() => tokens.open(asked(other), 'tenant-a', token), refused, other);
  }
});

test('a token of the form before is refused', () => {
  const payload = Buffer.from(JSON.stringify([2, 'after'])).toString('base64url');
  const mac = createHash('sha256').update(payload).digest('base64url');
  assert.throws(() => tokens.openState(purpose, `${payload}.${mac}`), refused);
});
