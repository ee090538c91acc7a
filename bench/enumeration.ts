/**
 * `npm run bench -- enumeration`: can a stranger tell by the time of an answer whether an account exists? Each question is asked about
 * people who exist and people who do not, in turn, each time about another one; the two distributions are compared.
 */
import { randomBytes } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { newApplication, newFlow } from '../test/support/flow-settings.ts';
import { authorize } from '../test/support/sign-in.ts';
import { seeded, startUsher, type Usher } from '../test/support/usher.ts';
import { newVisitor } from '../test/support/visitor.ts';

const rounds = 150;
const warmUp = 15;

/** Milliseconds of the one request whose answer could tell. */
type Ask = (usher: Usher, email: string) => Promise<number>;

interface Question {
  readonly name: string;
  prepare(usher: Usher): Promise<Ask>;
}

async function timed(run: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await run();
  return performance.now() - began;
}

/** Opens the flow, goes to the page in question, and times the press of one button there. */
const pressing =
  (
    kind: string,
    action: string,
    before: readonly string[],
    values: (email: string) => Readonly<Record<string, string>>,
  ): Question['prepare'] =>
  async (usher) => {
    const flow = await newFlow(usher, { userFlowType: kind });
    return async (_, email) => {
      const visitor = newVisitor(usher);
      let visit = await visitor.open(authorize(usher, {}, flow).url);
      for (const press of before) visit = await visitor.submit(visit, press, { email });
      return timed(() => visitor.submit(visit, action, values(email)));
    };
  };

const questions: readonly Question[] = [
  {
    name: 'sign-in with a wrong password',
    prepare: pressing('signIn', 'next', [], (email) => ({ email, password: 'Wrong-horse-1' })),
  },
  {
    name: 'a code for a new account',
    prepare: pressing('signUpOrSignIn', 'email_ver_but_send', ['createAccount'], (email) => ({ email })),
  },
  {
    name: 'a code for a forgotten password',
    prepare: pressing('passwordReset', 'emailVerificationControl_but_send_code', [], (email) => ({ email })),
  },
  {
    name: 'password grant with a wrong password',
    async prepare(usher) {
      const flow = await newFlow(usher, { userFlowType: 'resourceOwner' });
      const implicitGrantSettings = { enableIdTokenIssuance: true, enableAccessTokenIssuance: true };
      const native = { isFallbackPublicClient: true, web: { implicitGrantSettings } };
      const { appId } = await newApplication(usher, native);
      return (_, username) => {
        const form = { grant_type: 'password', client_id: appId, username, password: 'Wrong-horse-1', scope: 'openid' };
        const url = `${usher.url}/${seeded.tenant}/${flow}/oauth2/v2.0/token`;
        return timed(async () => (await fetch(url, { method: 'POST', body: new URLSearchParams(form) })).text());
      };
    },
  },
];

async function createPeople(usher: Usher, count: number): Promise<readonly string[]> {
  const emails = Array.from({ length: count }, () => `known-${randomBytes(6).toString('hex')}@people.example`);
  for (const issuerAssignedId of emails) {
    const response = await usher.graph('POST', '/v1.0/users', {
      displayName: 'Known',
      identities: [{ signInType: 'emailAddress', issuer: seeded.tenant, issuerAssignedId }],
      passwordProfile: { password: 'Correct-horse-7', forceChangePasswordNextSignIn: false },
    });
    if (response.status !== 201) throw new Error(await response.text());
  }
  return emails;
}

const at = (sorted: readonly number[], share: number): number => sorted[Math.floor((sorted.length - 1) * share)] ?? 0;

/**
 * How often a guesser is right who is given one answer of each kind and takes the slower one for the known account: 0.5 is chance
 * (the area under the ROC curve, by Mann and Whitney).
 */
function guessedRight(known: readonly number[], unknown: readonly number[]): number {
  let wins = 0;
  for (const one of known) for (const other of unknown) wins += one > other ? 1 : one === other ? 0.5 : 0;
  return wins / (known.length * unknown.length);
}

async function ask(usher: Usher, { name, prepare }: Question): Promise<void> {
  const people = await createPeople(usher, rounds + warmUp);
  const run = await prepare(usher);
  const times: Record<'known' | 'unknown', number[]> = { known: [], unknown: [] };
  for (const [index, email] of people.entries()) {
    const stranger = `nobody-${randomBytes(6).toString('hex')}@people.example`;
    // Whoever is first in a round must not always be the same.
    const order = index % 2 === 0 ? (['known', 'unknown'] as const) : (['unknown', 'known'] as const);
    for (const which of order) {
      const time = await run(usher, which === 'known' ? email : stranger);
      if (index >= warmUp) times[which].push(time);
    }
  }
  const [known, unknown] = [times.known.sort((a, b) => a - b), times.unknown.sort((a, b) => a - b)];
  const cell = (value: number, digits = 2): string => value.toFixed(digits).padStart(10);
  process.stdout.write(
    `${name.padEnd(40)}${[known, unknown].map((sorted) => cell(at(sorted, 0.5)) + cell(at(sorted, 0.95))).join('')}${cell(guessedRight(known, unknown), 3)}\n`,
  );
}

export async function enumeration(): Promise<void> {
  const usher = await startUsher({ args: ['--throttling', 'none'] });
  try {
    const heads = ['known p50', 'p95', 'unknown p50', 'p95', 'guess'];
    process.stdout.write(`${'milliseconds'.padEnd(40)}${heads.map((head) => head.padStart(10)).join('')}\n`);
    for (const question of questions) await ask(usher, question);
    process.stdout.write(
      '\nguess: how often somebody is right who takes the slower of two answers for the account that exists; 0.5 is chance.\n',
    );
  } finally {
    await usher.stop();
  }
}
