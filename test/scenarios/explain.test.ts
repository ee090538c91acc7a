import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { after, before, describe, test } from 'node:test';
import { newFlow, setFlow } from '../support/flow-settings.ts';
import { seeded, startUsher, temporaryFolder, type Usher } from '../support/usher.ts';

const root = new URL('../../', import.meta.url);

interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs a command line of ours, with lines typed into it. */
function usherFlow(args: readonly string[], lines: readonly string[] = []): Promise<Ran> {
  const child = spawn(process.execPath, ['bin/usher.mjs', 'flow', ...args], { cwd: root });
  const text = { out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => {
    text.out += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    text.err += chunk.toString();
  });
  child.stdin.end(lines.map((line) => `${line}\n`).join(''));
  return new Promise((resolve) => {
    child.once('close', (code) => resolve({ code, ...text }));
  });
}

interface Explanation {
  readonly flowId: string;
  readonly isRunnable: boolean;
  readonly obstacle: string | null;
  readonly steps: readonly { readonly number: number; readonly kind: string; readonly when: string | null }[];
  readonly text: string;
  readonly mermaid: string;
}

describe('what a user flow does', () => {
  let usher: Usher;
  before(async () => {
    usher = await startUsher();
  });
  after(() => usher?.stop());

  async function explained(flow: string): Promise<Explanation> {
    const response = await usher.graph('GET', `/beta/identity/b2cUserFlows/${flow}/explain`);
    assert.equal(response.status, 200);
    return (await response.json()) as Explanation;
  }

  test('is told by a function of the flow, and follows its settings', async () => {
    const flow = await newFlow(usher);
    const plain = await explained(flow);
    assert.deepEqual([plain.flowId, plain.isRunnable, plain.obstacle], [flow, true, null]);
    assert.ok(!plain.steps.some(({ kind }) => kind === 'secondFactor'));
    await setFlow(
      usher,
      {
        multifactorAuthenticationConfiguration: {
          multifactorAuthenticationState: 'on',
          multifactorAuthenticationMethod: 'email',
        },
      },
      flow,
    );
    const guarded = await explained(flow);
    assert.ok(guarded.steps.some(({ kind }) => kind === 'secondFactor'));
    assert.notEqual(guarded.text, plain.text);
  });

  test('is said of a flow whose accounts the tenant has switched off: which switch it is', async () => {
    const { isRunnable, obstacle } = await explained(await newFlow(usher, { authenticationMethods: 'userName' }));
    assert.equal(isRunnable, false);
    assert.match(obstacle ?? '', /b2cAuthenticationMethodsPolicy, isUserNameAuthenticationEnabled/);
  });

  test('is drawn as a Mermaid flowchart in which every way ends', async () => {
    const { steps, mermaid } = await explained(seeded.flow);
    const [head, ...lines] = mermaid.trim().split('\n');
    assert.equal(head, 'flowchart TD');
    const arrows = lines.flatMap((line) => {
      const [, from, to] = /^ {2}(\w+)(?:\(\[.*\]\))? -->(?:\|\w+\|)? (\w+)$/.exec(line) ?? [];
      return from && to ? [[from, to] as const] : [];
    });
    const nodes = new Set(arrows.flat());
    assert.ok(nodes.has('begin') && nodes.has('done'));
    for (const { number } of steps) assert.ok(nodes.has(`s${number}`), `s${number}`);
    for (const node of nodes) {
      const ways = arrows.filter(([from]) => from === node).length;
      assert.equal(ways, node === 'done' ? 0 : node.startsWith('c') ? 2 : 1, node);
    }
  });

  test('is said of a flow that cannot run too: why', async () => {
    const { isRunnable, obstacle, steps } = await explained('B2C_1_ropc');
    assert.deepEqual([isRunnable, steps], [false, []]);
    assert.match(obstacle ?? '', /resourceOwner/);
  });
});

describe('usher flow', () => {
  const data = temporaryFolder();
  before(async () => {
    // One process writes a SQLite file, so the server that makes it is gone when the command comes.
    const usher = await startUsher({ data });
    const added = await usher.graph('POST', '/beta/identity/b2cUserFlows/B2C_1_edit/userAttributeAssignments', {
      userAttribute: { id: 'city' },
      displayName: 'Cities',
      isOptional: false,
      requiresVerification: false,
      userInputType: 'checkboxMultiSelect',
      userAttributeValues: ['Bonn', 'Kiel'].map((value) => ({ name: value, value, isDefault: false })),
    });
    assert.equal(added.status, 201, await added.text());
    await usher.stop();
  });

  test('tells what a user flow does', async () => {
    const { code, out, err } = await usherFlow(['explain', seeded.flow, '--data', data]);
    assert.equal(code, 0, err);
    assert.match(out, /^B2C_1_susi\n1\. /);
    assert.match(out, /\nflowchart TD\n/);
    const json = await usherFlow(['explain', seeded.flow, '--data', data, '--json']);
    assert.equal((JSON.parse(json.out) as Explanation).flowId, seeded.flow);
    const listed = await usherFlow(['list', '--data', data]);
    assert.match(listed.out, /^B2C_1_susi {2}signUpOrSignIn$/m);
  });

  test('tells which user flow an application gets, and names the listeners that do not count', async () => {
    const { code, out, err } = await usherFlow(['explain', '--app', seeded.spa, '--data', data]);
    assert.equal(code, 0, err);
    assert.match(out, new RegExp(`^Application ${seeded.spa}: `));
    const json = await usherFlow(['explain', '--app', seeded.spa.toUpperCase(), '--data', data, '--json']);
    const { appId, flowId, listeners } = JSON.parse(json.out);
    assert.deepEqual([appId, flowId, listeners], [seeded.spa, 'tenantSignIn', []]);
  });

  test('walks a user flow in a terminal', async () => {
    const known = await usherFlow(['run', seeded.flow, '--data', data], [seeded.user, seeded.password, '']);
    assert.equal(known.code, 0, known.out + known.err);
    assert.match(known.out, /signed in as [0-9a-f-]{36} \(pwd\)/);
    assert.ok(!known.out.includes(seeded.password), 'a password is not shown');
    const wrong = await usherFlow(['run', seeded.flow, '--data', data], [seeded.user, 'Wrong-horse-1', '']);
    assert.equal(wrong.code, 1);
    assert.match(wrong.out, /^! /m);
    assert.match(wrong.err, /The answers ended before the flow did/);
  });

  test('says in the terminal how to type what a page would let choose', async () => {
    const signIn = [seeded.user, seeded.password, ''];
    const names = ['', '', ''];
    const { code, out, err } = await usherFlow(
      ['run', 'B2C_1_edit', '--data', data],
      [...signIn, ...names, 'Bonn,Kiel', ''],
    );
    assert.equal(code, 0, out + err);
    assert.match(out, /^Cities \(one or more, with commas between them\): $/m);
  });

  test('refuses in one sentence where there is nothing to walk', async () => {
    for (const [args, code, sentence] of [
      [['run', 'B2C_1_nowhere', '--data', data], 1, /'usher flow list' names them/],
      [['explain', 'B2C_1_nowhere', '--data', data], 1, /There is no user flow/],
      [['explain', '--data', data], 2, /Name one user flow/],
      [['explain', seeded.flow, '--app', seeded.spa, '--data', data], 2, /--app goes with 'explain'/],
      [['list', '--app', seeded.spa, '--data', data], 2, /--app goes with 'explain'/],
      [['explain', '--app', 'nobody', '--data', data], 1, /There is no application 'nobody'/],
      [['dance', '--data', data], 2, /There is no 'flow dance'/],
      [['list', '--data', data, '--tenant', 'fabrikam.example'], 1, /There is no tenant/],
    ] as const) {
      const ran = await usherFlow(args);
      assert.equal(ran.code, code, ran.err);
      assert.match(ran.err, sentence);
    }
  });
});
