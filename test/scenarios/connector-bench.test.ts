import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { connect, examplePassword, newConnector, startExample } from '../support/example.ts';
import { freshEmail, Person } from '../support/flow-person.ts';
import { allowIdTokens, newFlow } from '../support/flow-settings.ts';
import { logged } from '../support/logs.ts';
import { seeded, startUsher, temporaryFolder, type Usher } from '../support/usher.ts';

let usher: Usher;
before(async () => {
  usher = await startUsher();
  await allowIdTokens(usher);
});
after(() => usher?.stop());

interface Trial {
  readonly step: string;
  readonly came: string;
  readonly isUsable: boolean;
  readonly status: number | null;
  readonly sentences: readonly string[];
  readonly request: string;
  readonly differences: readonly string[];
}

/** Runs `usher connector` as a person does. */
async function command(...args: string[]): Promise<{ readonly code: number | null; readonly out: string }> {
  const folder = ['--data', temporaryFolder(), '--outside-ca', usher.caFile];
  const child = spawn(
    process.execPath,
    ['bin/usher.mjs', 'connector', ...args, ...(args[0] === 'test' ? folder : [])],
    {
      cwd: new URL('../../', import.meta.url),
    },
  );
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, out: Buffer.concat(chunks).toString() };
}

const basic = ['--basic', `usher:${examplePassword}`];

test('an API is tried from a terminal, at every step, without a database', async (t) => {
  const origin = await startExample(t, usher, 'input-validation');
  const { code, out } = await command('test', `${origin}/sign-up`, ...basic);
  assert.equal(code, 0, out);
  for (const step of ['PostFederationSignup', 'PostAttributeCollection', 'PreTokenIssuance']) {
    assert.match(out, new RegExp(`^${step} \\(b2c\\): Continue, status 200`, 'm'));
  }
  assert.match(out, /The values of city and postalCode take the place of what was typed/);
  assert.doesNotMatch(out, new RegExp(examplePassword));
});

test('what is wrong with an answer, or with the way to it, is said with the cure', async (t) => {
  const origin = await startExample(t, usher, 'input-validation');
  const address = `${origin}/sign-up`;
  const refused = await command('test', address, '--step', 'PostAttributeCollection', '--json');
  assert.equal(refused.code, 1, refused.out);
  const [trial] = JSON.parse(refused.out) as readonly Trial[];
  assert.deepEqual([trial?.came, trial?.status, trial?.isUsable], ['AADB2C90027', 401, false]);
  const request = join(temporaryFolder(), 'request.json');
  writeFileSync(request, JSON.stringify({ displayName: 'root' }));
  const own = await command('test', address, ...basic, '--step', 'PostAttributeCollection', '--request', request);
  assert.match(
    own.out,
    /ValidationError, status 400[\s\S]*The person sees "[^"]+" on the page[\s\S]*can correct what they typed/,
  );
  assert.match((await command('test', 'https://127.0.0.1:1/', ...basic)).out, /no answer[\s\S]*Look whether it runs/);
  assert.match((await command('test', 'https://10.0.0.1/')).out, /--outside-allow/);
  for (const wrong of [['tests'], ['test', address, '--client-cert', 'x']]) {
    assert.equal((await command(...wrong)).code, 2, wrong.join(' '));
  }
});

test('a running server tries a stored connector with the secrets it has', async (t) => {
  const origin = await startExample(t, usher, 'invitation-code');
  const connector = await newConnector(usher, `${origin}/sign-up`);
  const path = `/beta/identity/apiConnectors/${connector}/test`;
  const response = await usher.graph('POST', path, { step: 'PostAttributeCollection' });
  const trial = (await response.json()) as Trial;
  assert.equal(response.status, 200, JSON.stringify(trial));
  assert.deepEqual([trial.came, trial.status, trial.isUsable], ['ValidationError', 400, true]);
  assert.equal(JSON.parse(trial.request).step, 'PostAttributeCollection');
  assert.equal((await usher.graph('POST', path, { step: 'Nonsense' })).status, 400);
  const dead = await newConnector(usher, 'https://localhost:1/');
  const failed = await usher.graph('POST', `/beta/identity/apiConnectors/${dead}/test`, { step: 'PreTokenIssuance' });
  const { came, sentences } = (await failed.json()) as Trial;
  assert.equal(came, 'AADB2C90162');
  assert.doesNotMatch(sentences.join(' '), /ECONNREFUSED|127\.0\.0\.1/, 'what the network says is the operator’s');
});

interface Call {
  readonly id: string;
  readonly step: string;
  readonly came: string;
  readonly flowId: string;
  readonly status: number;
  readonly request: string;
  readonly answer: string;
  readonly correlationId: string;
}

test('calls of journeys are recorded without a word about the person, and repeated', async (t) => {
  const flow = await newFlow(usher);
  const origin = await startExample(t, usher, 'approval');
  const connector = await newConnector(usher, `${origin}/request`);
  await connect(usher, flow, 'postAttributeCollection', connector);
  const email = freshEmail();
  const person = await (await (await new Person(usher).open(flow)).press('createAccount')).proveEmail(email);
  await person.press('continue', { newPassword: 'Canary-horse-1975', reenterPassword: 'Canary-horse-1975' });
  assert.match(person.text, /waiting for approval/);
  const calls = await logged<Call>(usher, 'usher/connectorCalls', `connectorId eq ${connector}`);
  const [call] = calls;
  assert.ok(call);
  assert.deepEqual(
    [call.step, call.came, call.flowId, call.status],
    ['PostAttributeCollection', 'ShowBlockPage', flow, 200],
  );
  const sent = JSON.parse(call.request);
  assert.deepEqual([sent.step, sent.client_id], ['PostAttributeCollection', seeded.web]);
  assert.ok(sent.email && sent.email !== email);
  assert.deepEqual(JSON.parse(call.answer).userMessage, '(97 characters)');
  assert.doesNotMatch(JSON.stringify(calls), new RegExp(`${email}|Canary|waiting|${examplePassword}`));
  const again = await usher.graph('POST', `/beta/usher/connectorCalls/${call.id}/replay`);
  const trial = (await again.json()) as Trial;
  assert.equal(again.status, 200, JSON.stringify(trial));
  assert.deepEqual([trial.came, trial.differences], ['ShowBlockPage', []]);
  const repeated = (await (await usher.graph('POST', `/beta/usher/connectorCalls/${call.id}/replay`)).json()) as Trial;
  assert.match(repeated.differences.join(' '), /'userMessage' is "\(\d+ characters\)", and was "\(97 characters\)"/);
});
