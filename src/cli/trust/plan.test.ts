import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Machine, planTrust } from './plan.ts';

const request = { caFile: '/d/ca.pem', name: 'usher-dev-ab', fingerprint: 'AB12', uninstall: false };

function machine(platform: NodeJS.Platform, programs: readonly string[], options: Partial<Machine> = {}): Machine {
  const base = { platform, root: false, home: '/home/a', hasFile: () => false };
  return { ...base, hasProgram: (name) => programs.includes(name), ...options };
}

const lines = (on: Machine, uninstall = false): readonly string[] =>
  planTrust(on, { ...request, uninstall }).map(({ command }) => command.join(' '));

test('Debian: the system by sudo, Chromium by its own database', () => {
  assert.deepEqual(lines(machine('linux', ['update-ca-certificates', 'certutil', 'sudo'])), [
    'sudo install -m 644 /d/ca.pem /usr/local/share/ca-certificates/usher-dev-ab.crt',
    'sudo update-ca-certificates',
    'mkdir -p /home/a/.pki/nssdb',
    'certutil -d sql:/home/a/.pki/nssdb -N --empty-password',
    'certutil -d sql:/home/a/.pki/nssdb -A -t C,, -n usher-dev-ab -i /d/ca.pem',
  ]);
});

test('without sudo the steps of the system are left to root, the others are not', () => {
  const steps = planTrust(machine('linux', ['update-ca-trust', 'certutil'], { hasFile: () => true }), request);
  assert.deepEqual(
    steps.map(({ command: [program], byRoot = false }) => [program, byRoot]),
    [
      ['install', true],
      ['update-ca-trust', true],
      ['certutil', false],
    ],
  );
});

test('root needs no sudo, and an existing database is kept', () => {
  const on = machine('linux', ['update-ca-trust', 'certutil'], { root: true, hasFile: () => true });
  assert.deepEqual(lines(on), [
    'install -m 644 /d/ca.pem /etc/pki/ca-trust/source/anchors/usher-dev-ab.crt',
    'update-ca-trust extract',
    'certutil -d sql:/home/a/.pki/nssdb -A -t C,, -n usher-dev-ab -i /d/ca.pem',
  ]);
  assert.deepEqual(lines(on, true), [
    'rm -f /etc/pki/ca-trust/source/anchors/usher-dev-ab.crt',
    'update-ca-trust extract',
    'certutil -d sql:/home/a/.pki/nssdb -D -n usher-dev-ab',
  ]);
});

test('macOS and Windows: the stores of the user', () => {
  const keychain = '/home/a/Library/Keychains/login.keychain-db';
  assert.deepEqual(lines(machine('darwin', [])), [`security add-trusted-cert -r trustRoot -k ${keychain} /d/ca.pem`]);
  assert.deepEqual(lines(machine('darwin', []), true), [`security delete-certificate -t -Z AB12 ${keychain}`]);
  assert.deepEqual(lines(machine('win32', [])), ['certutil -user -addstore Root /d/ca.pem']);
  assert.deepEqual(lines(machine('win32', []), true), ['certutil -user -delstore Root AB12']);
});

test('a machine without a known store gets no plan', () => {
  assert.deepEqual(lines(machine('linux', [])), []);
});
