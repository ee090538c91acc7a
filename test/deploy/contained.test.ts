import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname } from 'node:path';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { freePort } from '../support/free-port.ts';
import { deployment } from '../support/serve.ts';
import { daemonForm, seeded, temporaryFolder } from '../support/usher.ts';
import { cannotContain, contained, statusOf, writableMounts } from './contained.ts';

const skip = cannotContain();
const program = fileURLToPath(new URL('../../bin/usher.mjs', import.meta.url));

async function until(what: string, holds: () => boolean, told: () => string): Promise<void> {
  const deadline = Date.now() + 90_000;
  while (!holds()) {
    assert.ok(Date.now() < deadline, `${what}, in vain: ${told()}`);
    await wait(20);
  }
}

test('a server without rights, as process 1 on a read-only root, serves, is found healthy, and ends with 0 when told to', {
  skip,
}, async (t) => {
  const deployed = await deployment();
  const data = dirname(deployed.certificate);
  const temporary = temporaryFolder();
  const port = await freePort();
  const environment = {
    USHER_DATABASE: deployed.database,
    USHER_ENCRYPTION_KEY: deployed.key,
    USHER_TLS_CERT: deployed.certificate,
    USHER_TLS_KEY: deployed.certificateKey,
    USHER_PUBLIC_URL: `https://localhost:${port}`,
    USHER_PORT: String(port),
    HOME: temporary,
    TMPDIR: temporary,
    NODE_COMPILE_CACHE: '',
  };
  const server = contained(['serve'], environment, [data, temporary]);
  t.after(() => server.child.kill('SIGKILL'));
  await until('it gets ready', () => /^ready https/m.test(server.text()), server.text);

  const pid = server.pid();
  assert.equal(statusOf(pid, 'NSpid').split(/\s+/).at(-1), '1', 'it is process 1');
  assert.equal(BigInt(`0x${statusOf(pid, 'CapEff')}`), 0n, 'it may nothing');
  assert.deepEqual([...writableMounts(pid)].sort(), [data, temporary].sort());

  const health = () =>
    spawnSync(process.execPath, [program, 'healthcheck'], { env: { ...process.env, ...environment } });
  assert.equal(health().status, 0);
  setDefaultCACertificates([...getCACertificates('default'), readFileSync(deployed.certificate, 'utf8')]);
  const token = await fetch(`https://localhost:${port}/${seeded.tenantId}/oauth2/v2.0/token`, {
    method: 'POST',
    body: daemonForm(),
  });
  assert.equal(token.status, 200, await token.text());

  process.kill(pid, 'SIGTERM');
  assert.equal(await server.ended, 0, server.text());
  assert.equal(health().status, 1);
  assert.doesNotMatch(server.text(), /EROFS|EACCES|EPERM/);
});

test('a command that serves nothing is ended by a signal also as process 1', { skip }, async (t) => {
  const silent = createServer().listen(0, '127.0.0.1');
  t.after(() => silent.close());
  await once(silent, 'listening');
  const address = silent.address();
  assert.ok(typeof address === 'object' && address);
  const temporary = temporaryFolder();
  for (const [signal, code] of [
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ] as const) {
    const asked = once(silent, 'connection');
    const probe = contained(['healthcheck'], { USHER_MANAGEMENT_PORT: String(address.port), TMPDIR: temporary }, [
      temporary,
    ]);
    const [socket] = await asked;
    process.kill(probe.pid(), signal);
    assert.equal(await probe.ended, code, probe.text());
    socket.destroy();
  }
});
