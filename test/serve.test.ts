import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { type ClientRequest, request as plainRequest } from 'node:http';
import { request } from 'node:https';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { connect } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { type Deployment, deployment, startServe, writeCertificate } from './support/serve.ts';
import { authorize, claimsIn, codeFor, redeem } from './support/sign-in.ts';
import { daemonForm, launch, seeded, temporaryFolder, type Usher } from './support/usher.ts';
import { newVisitor } from './support/visitor.ts';

const program = fileURLToPath(new URL('../bin/usher.mjs', import.meta.url));

/** A command that ends by itself. */
const run = (...args: readonly string[]) => spawnSync(process.execPath, [program, ...args], { encoding: 'utf8' });

async function until(what: string, holds: () => boolean | Promise<boolean>, milliseconds = 20_000): Promise<void> {
  const deadline = Date.now() + milliseconds;
  while (!(await holds())) {
    assert.ok(Date.now() < deadline, `${what}, in vain`);
    await wait(20);
  }
}

const docs = readFileSync(new URL('../docs/production.md', import.meta.url), 'utf8');
const [, seedInDocs = ''] = /```yaml\n(.*?)```/s.exec(docs) ?? [];
const seedFile = join(temporaryFolder(), 'seed.yaml');

let deployed: Deployment;
before(async () => {
  deployed = await deployment();
});

describe('a server in production', () => {
  let usher: Usher;
  before(async () => {
    writeFileSync(seedFile, seedInDocs);
    usher = await startServe(deployed, { args: ['--drain-delay', '1', '--seed', seedFile] });
  });
  after(() => usher?.stop());

  test('the first application comes from a seed, as docs/production.md has it', async () => {
    const [, appId = ''] = /appId: (\S+)/.exec(seedInDocs) ?? [];
    const credentials = { grant_type: 'client_credentials', client_id: appId, client_secret: 'a long random text' };
    const answered = await fetch(`${usher.url}/${seeded.tenant}/oauth2/v2.0/token`, {
      method: 'POST',
      body: new URLSearchParams({ ...credentials, scope: 'https://graph.microsoft.com/.default' }),
    });
    const { access_token: bearer } = (await answered.json()) as { readonly access_token: string };
    const { roles } = claimsIn(bearer);
    const named = [...seedInDocs.matchAll(/# (\w+\.\w+\.\w+)/g)].map(([, name]) => name);
    assert.equal(named.length, 3);
    assert.deepEqual([roles].flat().sort(), named.sort());
  });

  const ready = async () => (await fetch(`${usher.managementUrl}/readyz`)).status;

  test('signs people in', async () => {
    const attempt = authorize(usher);
    const code = await codeFor(newVisitor(usher), attempt);
    assert.equal((await redeem(usher, attempt, code)).status, 200);
  });

  test('has no workbench, no outbox, and no clock to move', async () => {
    for (const path of ['/try/', '/dev/outbox', '/dev/outbox/', '/dev/clock', '/dev/reset', '/dev/faults']) {
      for (const method of ['GET', 'POST', 'PUT']) {
        const { status } = await fetch(`${usher.url}${path}`, { method });
        assert.equal(status, 404, `${method} ${path}`);
      }
    }
  });

  test('does not answer for the names of its machine unless it was told to', async () => {
    const other = request(usher.url, { headers: { host: `127.0.0.1:${usher.port}` }, agent: false }).end();
    assert.equal((await once(other, 'response'))[0].statusCode, 421);
  });

  test('tells probes that it lives and is ready, and nothing else', async () => {
    const ask = (path: string, method = 'GET') => fetch(`${usher.managementUrl}${path}`, { method });
    for (const path of ['/livez', '/readyz', '/readyz?verbose']) assert.equal((await ask(path)).status, 200, path);
    assert.deepEqual(await (await ask('/readyz')).json(), { status: 'ready' });
    assert.equal((await ask('/readyz', 'HEAD')).status, 200);
    assert.equal((await ask('/readyz', 'POST')).status, 405);
    for (const path of ['/', '/dev/outbox', '/beta/users']) assert.equal((await ask(path)).status, 404, path);
  });

  test('healthcheck says by its exit code whether it is ready', () => {
    const port = new URL(usher.managementUrl).port;
    for (const args of [['healthcheck'], ['healthcheck', 'live']]) {
      assert.equal(run(...args, '--management-port', port).status, 0);
    }
    assert.equal(run('healthcheck', '--port', String(usher.port)).status, 0, 'the port after the public one');
    const nobody = run('healthcheck', '--management-port', '1');
    assert.equal(nobody.status, 1);
    assert.match(
      nobody.stderr,
      /^usher: http:\/\/127\.0\.0\.1:1\/readyz: .*ECONNREFUSED.*'usher serve'.*--management-port/,
    );
    assert.equal(run('healthcheck', 'soon').status, 2);
  });

  async function shownCertificate(): Promise<string> {
    const socket = connect({ port: usher.port, host: '127.0.0.1', servername: 'localhost', rejectUnauthorized: false });
    await once(socket, 'secureConnect');
    const { fingerprint256 } = socket.getPeerCertificate();
    socket.destroy();
    return fingerprint256;
  }
  const writtenCertificate = () => new X509Certificate(readFileSync(deployed.certificate)).fingerprint256;

  test('shows another certificate when it has been replaced, at once at SIGHUP, without a restart', async () => {
    const folder = dirname(deployed.certificate);
    const first = await shownCertificate();
    assert.equal(first, writtenCertificate());
    const isShown = async () => (await shownCertificate()) === writtenCertificate();
    writeCertificate(folder);
    process.kill(usher.pid, 'SIGHUP');
    await until('waited for the certificate after SIGHUP', isShown, 2_000);
    writeCertificate(folder);
    await until('waited for the certificate in the file', isShown);
    assert.notEqual(await shownCertificate(), first);
  });

  /** A token request of which the last byte is not sent yet. */
  function unfinished(): { readonly sent: ClientRequest; finish(): Promise<number> } {
    const body = daemonForm().toString();
    const headers = { 'content-type': 'application/x-www-form-urlencoded', 'content-length': body.length };
    const url = `${usher.url}/${seeded.tenantId}/oauth2/v2.0/token`;
    const sent = request(url, { method: 'POST', headers, agent: false, rejectUnauthorized: false });
    sent.write(body.slice(0, -1));
    return {
      sent,
      async finish() {
        const answered = once(sent, 'response');
        sent.end(body.slice(-1));
        const [response] = await answered;
        response.resume();
        return response.statusCode;
      },
    };
  }

  /** Asks again and again on connections of its own until told to stop; resolves to all that was answered. */
  function asking(): () => Promise<readonly (number | string)[]> {
    const answers: (number | string)[] = [];
    let goes = true;
    const done = (async () => {
      while (goes) {
        const sent = request(`${usher.url}/nothing`, { agent: false, rejectUnauthorized: false }).end();
        const answer = once(sent, 'response').then(([response]) => response.resume().statusCode as number);
        answers.push(await answer.catch((error: NodeJS.ErrnoException) => error.code ?? 'failed'));
      }
    })();
    return async () => {
      goes = false;
      await done;
      return answers;
    };
  }

  test('at SIGTERM it is told as not ready first, goes on for a while, and ends when everything under way is answered', async () => {
    const underWay = unfinished();
    await once(underWay.sent, 'socket');
    const stop = asking();
    await until('waited for the request under way', () => underWay.sent.socket?.bytesWritten !== 0);
    const ended = usher.stop();
    await until('waited for 503', async () => (await ready()) === 503);
    const answers = await stop();
    assert.deepEqual([...new Set(answers)], [404], 'while balancers still send');
    const refused = async () => {
      const sent = request(usher.url, { agent: false, rejectUnauthorized: false }).end();
      return once(sent, 'response').then(
        ([response]) => response.resume() === undefined,
        ({ code }: NodeJS.ErrnoException) => code === 'ECONNREFUSED',
      );
    };
    await until('waited until nobody new is let in', refused);
    assert.equal(await ready(), 503);
    assert.equal((await fetch(`${usher.managementUrl}/livez`)).status, 200);
    assert.equal(await underWay.finish(), 200);
    assert.equal(await ended, 0);
  });
});

describe('a server behind a proxy', () => {
  const publicUrl = 'https://login.contoso.example';
  const host = 'login.contoso.example';
  const start = ({ database, key }: Deployment, proxy: string): Promise<Usher> =>
    launch([
      ...['serve', '--json', '--port', '0', '--public-url', publicUrl, '--database', database, '--encryption-key', key],
      ...['--behind-proxy', '--trusted-proxy', proxy, '--log-level', 'error'],
    ]);

  interface Answer {
    readonly status: number;
    readonly body: string;
  }

  /** As a proxy on this machine would send it. */
  async function ask(
    { port }: Usher,
    path: string,
    headers: Readonly<Record<string, string>>,
    body?: string,
  ): Promise<Answer> {
    const form = body === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' };
    const options = { host: '127.0.0.1', port, path, agent: false, headers: { host, ...form, ...headers } };
    const sent = plainRequest({ ...options, method: body === undefined ? 'GET' : 'POST' }).end(body);
    const [response] = await once(sent, 'response');
    return { status: response.statusCode, body: Buffer.concat(await response.toArray()).toString() };
  }

  const https = { 'x-forwarded-proto': 'https' };
  const discovery = `/${seeded.tenant}/B2C_1_susi/v2.0/.well-known/openid-configuration`;

  test('who asks is known from the proxy, and what hosts are called only from the settings', async (t) => {
    const usher = await start(deployed, '127.0.0.1');
    t.after(() => usher.stop());
    const forged = { 'x-forwarded-host': 'evil.example', forwarded: 'host=evil.example;proto=http' };
    const { status, body } = await ask(usher, discovery, { ...https, ...forged });
    assert.equal(status, 200);
    assert.ok(!body.includes('evil.example'));
    assert.ok(JSON.parse(body).token_endpoint.startsWith(`${publicUrl}/`));
    assert.equal((await ask(usher, discovery, { ...https, host: 'evil.example' })).status, 421);
    assert.equal((await ask(usher, discovery, {})).status, 400, 'nobody says that it came over HTTPS');
    assert.equal((await ask(usher, discovery, { 'x-forwarded-proto': 'http' })).status, 400);

    const credentials = { grant_type: 'client_credentials', client_id: seeded.daemon, client_secret: seeded.secret };
    const form = new URLSearchParams({ ...credentials, scope: 'https://graph.microsoft.com/.default' }).toString();
    const tokens = await ask(usher, `/${seeded.tenantId}/oauth2/v2.0/token`, https, form);
    const bearer = { ...https, authorization: `Bearer ${JSON.parse(tokens.body).access_token}` };
    const ropc = new URLSearchParams({
      grant_type: 'password',
      client_id: seeded.native,
      username: seeded.user,
      password: seeded.password,
      scope: 'openid',
    }).toString();
    const from = { ...https, 'x-forwarded-for': '10.9.9.9, 203.0.113.7' };
    await ask(usher, `/${seeded.tenant}/B2C_1_ropc/oauth2/v2.0/token`, from, ropc);
    const filter = `?$filter=${encodeURIComponent("ipAddress eq '203.0.113.7'")}`;
    await until('waited for the sign-in', async () => {
      const logged = await ask(usher, `/beta/auditLogs/signIns${filter}`, bearer);
      return logged.status === 200 && JSON.parse(logged.body).value.length > 0;
    });
  });

  test('what does not come from the proxy is not answered', async (t) => {
    const usher = await start(deployed, '192.0.2.0/24');
    t.after(() => usher.stop());
    for (const path of [discovery, '/', '/beta/users']) {
      assert.equal((await ask(usher, path, { ...https, 'x-forwarded-for': '192.0.2.1' })).status, 403, path);
    }
  });
});
