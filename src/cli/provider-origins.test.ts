import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fixedKinds } from '../federation/index.ts';
import { resolveConfig } from '../kernel/index.ts';
import { providerOrigins } from './provider-origins.ts';

const originsOf = (...flags: readonly string[]) => {
  const argv = flags.flatMap((flag) => ['--provider-origin', flag]);
  return providerOrigins(resolveConfig('dev', argv, {}).config.providerOrigin);
};

test('an origin of this machine stands in for a kind of provider, and for no other', () => {
  const originOf = originsOf('google=http://localhost:9000', 'Apple=https://127.0.0.1:9001/');
  assert.equal(originOf('Google'), 'http://localhost:9000');
  assert.equal(originOf('Apple'), 'https://127.0.0.1:9001');
  assert.equal(originOf('Facebook'), undefined);
});

test('every kind with addresses of its own can have a stand-in', () => {
  const wanted = [
    'Amazon',
    'Apple',
    'Facebook',
    'GitHub',
    'Google',
    'LinkedIn',
    'Microsoft',
    'QQ',
    'Twitter',
    'WeChat',
    'Weibo',
  ];
  assert.deepEqual([...fixedKinds].sort(), wanted.sort());
});

test('a kind that does not exist is told, with the one that was meant', () => {
  assert.throws(() => originsOf('Gogle=http://localhost:9000'), {
    code: 'cli.unknownProviderKind',
    message: "There is no kind of identity provider 'Gogle' with addresses of its own. Did you mean 'Google'?",
  });
});

test('what is no origin is refused', () => {
  for (const value of [
    'Google',
    'Google=',
    'Google=localhost:9000',
    'Google=http://idp.example',
    'Google=http://localhost/x',
  ]) {
    assert.throws(() => originsOf(value), { code: 'config.badFlag' }, value);
  }
});
