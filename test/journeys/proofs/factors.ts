import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import { membersOf } from '../../support/flow-settings.ts';
import { seeded } from '../../support/usher.ts';
import { newVisitor, type Visit, type Visitor } from '../../support/visitor.ts';
import { type Bench, password, proveEmail, type Walk } from '../bench.ts';
import type { Chapter, Proof } from '../proof.ts';
import { type FlowKind, flowKinds } from '../settings.ts';

const withPages = flowKinds.filter((kind) => kind !== 'resourceOwner');
const makingAccounts: readonly FlowKind[] = ['signUpOrSignIn', 'signUp'];

const here = ['127.0.0.0/8', '::1/128'];
const elsewhere = ['198.51.100.0/24'];

const state = (multifactorAuthenticationState: string, multifactorAuthenticationMethod = 'phoneSms') => ({
  multifactorAuthenticationConfiguration: { multifactorAuthenticationState, multifactorAuthenticationMethod },
});
const rule = (control: string, rest: object = {}) => ({ displayName: 'A rule', control, ...rest });
const enforced = (...rules: readonly object[]) => ({
  isConditionalAccessEnforced: true,
  settings: { conditionalAccess: { rules } },
});

let people = 0;
const newEmail = (): string => {
  people += 1;
  return `factor-${people}-${process.pid}@new.example`;
};

const chosen = { newPassword: password, reenterPassword: password };

async function signedUp({ usher }: Bench, walk: Walk, email: string): Promise<Visit> {
  const proved = await proveEmail(usher, walk, email, [
    'email_ver_but_send',
    'email_ver_input',
    'email_ver_but_verify',
  ]);
  return walk.visitor.submit(proved, 'continue', { email, ...chosen });
}

async function forgotten({ usher }: Bench, walk: Walk, email: string): Promise<Visit> {
  const proved = await proveEmail(usher, walk, email, [
    'emailVerificationControl_but_send_code',
    'emailVerificationCode',
    'emailVerificationControl_but_verify_code',
  ]);
  return walk.visitor.submit(proved, 'continue');
}

/** What comes after the first factor: as a new person where a flow only makes accounts, else as an existing one. */
export async function pastFirst(
  bench: Bench,
  kind: FlowKind,
  flow: string,
  { email, visitor }: { readonly email?: string; readonly visitor?: Visitor } = {},
): Promise<Walk> {
  const walk = await bench.open(flow, {}, visitor);
  if (walk.visit.left) return walk;
  if (kind === 'signUp') return { ...walk, visit: await signedUp(bench, walk, email ?? newEmail()) };
  const known = email ?? (await bench.person()).email;
  if (kind === 'passwordReset') return { ...walk, visit: await forgotten(bench, walk, known) };
  return { ...walk, visit: await walk.visitor.submit(walk.visit, 'next', { email: known, password }) };
}

const isAsked = ({ html }: Visit): boolean => /id="(localNumber|totpQrCodeControl)"/.test(html);
const isBlocked = ({ left }: Visit): boolean =>
  left !== undefined && (membersOf(left).get('error_description') ?? '').startsWith('AADB2C90037');

let numbers = 0;

/** Sets a number up on the page that asks for one. */
async function setUpPhone({ usher }: Bench, { visitor, visit }: Walk): Promise<Visit> {
  numbers += 1;
  const national = `1511${String(1_000_000 + numbers)}`;
  const typed = { 'localNumber.country': 'DE', 'localNumber.number': `0${national}` };
  const sent = await visitor.submit(visit, 'sendCode', typed);
  return visitor.submit(sent, 'verifyCode', { verificationCode: await usher.code(`+49${national}`) });
}

/** Whether a rule holds, as a member of it says. */
const ruleProof = (member: string, says: string, fits: object, other: object): Proof => ({
  settings: [`settings/conditionalAccess/rules/${member}`],
  kinds: withPages,
  says,
  async prove(bench, kind) {
    const flow = await bench.flow(kind, enforced(rule('block', fits)));
    assert.ok(isBlocked((await pastFirst(bench, kind, flow)).visit));
    await bench.set(flow, enforced(rule('block', other)));
    assert.ok(!isBlocked((await pastFirst(bench, kind, flow)).visit));
  },
});

/** The record is written behind the requests. */
async function recordOf({ usher }: Bench, flow: string): Promise<string> {
  for (let tries = 0; tries < 200; tries += 1) {
    const response = await usher.graph('GET', `/beta/usher/journeys?$filter=flowId eq '${flow}'`);
    const text = await response.text();
    if (text.includes('"movements"')) return text;
    await wait(50);
  }
  return assert.fail('there is no record');
}

async function exists({ usher }: Bench, email: string): Promise<boolean> {
  const filter = `identities/any(i:i/issuer eq '${seeded.tenant}' and i/issuerAssignedId eq '${email}')`;
  const response = await usher.graph('GET', `/v1.0/users?$filter=${encodeURIComponent(filter)}`);
  return ((await response.json()) as { readonly value: readonly unknown[] }).value.length > 0;
}

const refused = /AADB2C90224/;

export const factors: Chapter = {
  proofs: [
    {
      settings: ['multifactorAuthenticationConfiguration/multifactorAuthenticationState'],
      kinds: withPages,
      says: 'A second factor is asked for never, always, or where a rule of access asks for it',
      async prove(bench, kind) {
        const flow = await bench.flow(kind);
        const asked = async () => isAsked((await pastFirst(bench, kind, flow)).visit);
        assert.equal(await asked(), false);
        await bench.set(flow, state('on'));
        assert.equal(await asked(), true);
        await bench.set(flow, { ...state('conditional'), ...enforced(rule('requireMultifactor')) });
        const must = (await pastFirst(bench, kind, flow)).visit;
        assert.ok(isAsked(must) && !must.html.includes('value="skip"'));
        await bench.set(flow, enforced(rule('requireMultifactor', { includeApplications: [seeded.daemon] })));
        const may = (await pastFirst(bench, kind, flow)).visit;
        assert.ok(isAsked(may) && may.html.includes('value="skip"'));
      },
    },
    {
      settings: [
        'multifactorAuthenticationConfiguration/multifactorAuthenticationState',
        'isConditionalAccessEnforced',
      ],
      kinds: ['resourceOwner'],
      says: 'Passwords are not exchanged where something else would be asked for too',
      async prove(bench, kind) {
        const flow = await bench.flow(kind);
        await bench.finish(kind, flow);
        await bench.set(flow, state('on'));
        await assert.rejects(bench.finish(kind, flow), refused);
        await bench.set(flow, { ...state('off'), isConditionalAccessEnforced: true });
        await assert.rejects(bench.finish(kind, flow), refused);
        await bench.set(flow, { isConditionalAccessEnforced: false });
        await bench.finish(kind, flow);
      },
    },
    {
      settings: ['multifactorAuthenticationConfiguration/multifactorAuthenticationMethod'],
      kinds: withPages,
      says: 'The second factor is of the kind that the flow says',
      async prove(bench, kind) {
        const flow = await bench.flow(kind, state('on', 'phoneCallOrSms'));
        assert.match((await pastFirst(bench, kind, flow)).visit.html, /id="localNumber"/);
        await bench.set(flow, state('on', 'authenticator'));
        assert.match((await pastFirst(bench, kind, flow)).visit.html, /id="totpQrCodeControl"/);
      },
    },
    {
      settings: ['isConditionalAccessEnforced'],
      kinds: withPages,
      says: 'Rules of access keep people out while they are enforced',
      async prove(bench, kind) {
        const flow = await bench.flow(kind, { ...enforced(rule('block')), isConditionalAccessEnforced: false });
        assert.ok(!isBlocked((await pastFirst(bench, kind, flow)).visit));
        await bench.set(flow, { isConditionalAccessEnforced: true });
        assert.ok(isBlocked((await pastFirst(bench, kind, flow)).visit));
      },
    },
    ruleProof(
      'includeApplications',
      'A rule holds for the applications it names',
      { includeApplications: [seeded.spa, seeded.web] },
      { includeApplications: [seeded.daemon] },
    ),
    ruleProof(
      'includeNetworks',
      'A rule holds for the networks it names',
      { includeNetworks: here },
      { includeNetworks: elsewhere },
    ),
    ruleProof(
      'excludeNetworks',
      'A rule does not hold for the networks it leaves out',
      { excludeNetworks: elsewhere },
      { excludeNetworks: here },
    ),
    {
      settings: ['settings/conditionalAccess/rules/isNewDeviceOnly'],
      kinds: withPages.filter((kind) => kind !== 'signUp'),
      says: 'A rule for new browsers leaves alone whoever has signed in with the browser before',
      async prove(bench, kind) {
        const { email, ...person } = await bench.person();
        const visitor = newVisitor(bench.usher);
        await bench.finish(kind, await bench.flow(kind), { person: { email, ...person }, visitor });
        const flow = await bench.flow(kind, enforced(rule('block', { isNewDeviceOnly: true })));
        assert.ok(!isBlocked((await pastFirst(bench, kind, flow, { email, visitor })).visit));
        assert.ok(isBlocked((await pastFirst(bench, kind, flow, { email })).visit));
        await bench.set(flow, enforced(rule('block', { isNewDeviceOnly: false })));
        assert.ok(isBlocked((await pastFirst(bench, kind, flow, { email, visitor })).visit));
      },
    },
    {
      settings: ['settings/conditionalAccess/rules/control'],
      kinds: withPages,
      says: 'A rule keeps people out, asks for a second factor or lets in, and the strictest counts',
      async prove(bench, kind) {
        const flow = await bench.flow(kind, { ...state('conditional'), ...enforced(rule('allow')) });
        const after = async (): Promise<Visit> => (await pastFirst(bench, kind, flow)).visit;
        assert.ok((await after()).html.includes('value="skip"'));
        await bench.set(flow, enforced(rule('allow'), rule('requireMultifactor')));
        const must = await after();
        assert.ok(isAsked(must) && !must.html.includes('value="skip"'));
        await bench.set(flow, enforced(rule('allow'), rule('block'), rule('requireMultifactor')));
        assert.ok(isBlocked(await after()));
      },
    },
    {
      settings: ['settings/conditionalAccess/rules/displayName'],
      kinds: withPages,
      says: 'The record of a journey names the rule that decided',
      async prove(bench, kind) {
        const displayName = `Rule of ${kind}`;
        const flow = await bench.flow(kind, enforced(rule('block', { displayName })));
        await pastFirst(bench, kind, flow);
        assert.ok((await recordOf(bench, flow)).includes(displayName));
      },
    },
    {
      settings: ['settings/areRecoveryCodesOffered'],
      kinds: withPages,
      says: 'Whoever has set up a second factor is shown recovery codes where the flow offers them',
      async prove(bench, kind) {
        const flow = await bench.flow(kind, state('on'));
        const after = async () => setUpPhone(bench, await pastFirst(bench, kind, flow));
        assert.doesNotMatch((await after()).html, /id="recoveryCodes"/);
        await bench.set(flow, { settings: { areRecoveryCodesOffered: true } });
        assert.match((await after()).html, /id="recoveryCodes"/);
      },
    },
    {
      settings: ['settings/isUserCreatedBeforeMultifactor'],
      kinds: makingAccounts,
      says: 'Whoever gives up at the second factor has no account, or has one where the flow wants it so',
      async prove(bench, kind) {
        const flow = await bench.flow(kind, state('on'));
        const givenUp = async (): Promise<boolean> => {
          const email = newEmail();
          const walk = await bench.open(flow);
          const page =
            kind === 'signUp' ? walk.visit : await walk.visitor.submit(walk.visit, 'createAccount', { email });
          const asked = await signedUp(bench, { ...walk, visit: page }, email);
          assert.ok(isAsked(asked));
          await walk.visitor.submit(asked, 'cancel');
          return exists(bench, email);
        };
        assert.equal(await givenUp(), false);
        await bench.set(flow, { settings: { isUserCreatedBeforeMultifactor: true } });
        assert.equal(await givenUp(), true);
      },
    },
  ],
  exemptions: [
    {
      settings: [
        'multifactorAuthenticationConfiguration/multifactorAuthenticationMethod',
        'settings/areRecoveryCodesOffered',
        'settings/isUserCreatedBeforeMultifactor',
        ...[
          'displayName',
          'includeApplications',
          'includeNetworks',
          'excludeNetworks',
          'isNewDeviceOnly',
          'control',
        ].map((member) => `settings/conditionalAccess/rules/${member}`),
      ],
      kinds: ['resourceOwner'],
      because: 'No password is exchanged at a flow that asks for a second factor or has rules of access.',
    },
    {
      settings: ['settings/isUserCreatedBeforeMultifactor'],
      kinds: ['signIn', 'passwordReset', 'profileUpdate'],
      because: 'The flow makes no accounts.',
    },
    {
      settings: ['settings/conditionalAccess/rules/isNewDeviceOnly'],
      kinds: ['signUp'],
      because: 'Whoever signs up has not signed in at any browser before.',
    },
  ],
};
