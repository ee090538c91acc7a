import type { AuthenticatorKind } from '../../identity/index.ts';
import { fold } from '../../model/index.ts';
import { type Facts, provedTwice } from '../facts.ts';
import { faults } from '../faults.ts';
import type { Action, Message, Screen } from '../screen.ts';
import type { Input, Outcome, Step, StepContext } from '../step.ts';
import { provedBy } from './second-factor-email.ts';
import {
  accountName,
  emailOnRecord,
  type FactorSettings,
  type FactorWay,
  type Scene,
  type Shown,
  sceneOf,
  type Turn,
} from './second-factor-scene.ts';
import { enrollingWay, factorWays, isAccepted, verifyingWays } from './second-factor-ways.ts';

export interface SecondFactorSettings extends FactorSettings {
  /** Nothing asks for it now: whoever has none may set one up, or go on without. */
  readonly isOptional?: true;
}

type Proved = Extract<Turn, { kind: 'proved' }>;

/** Kept between the pages. Plain data. */
interface Memo {
  readonly stage: 'verify' | 'enrol';
  readonly way: AuthenticatorKind;
  /** What the way keeps. */
  readonly inner: unknown;
  /** What was proved before something new is set up. */
  readonly before?: Proved;
  /** Wrong codes of this journey, by way: going to another way and back gives no new tries. */
  readonly wrong: Readonly<Partial<Record<AuthenticatorKind, number>>>;
}

const wayNamed = (wanted: AuthenticatorKind): FactorWay | undefined => factorWays.find(({ name }) => name === wanted);

const skip: Omit<Action, 'label'> = { name: 'skip', style: 'link' };

/** Plan and facts say whom it is about; this step trusts neither. Throws `flows.unproved`. */
function checkPerson({ journey: { facts } }: StepContext): void {
  const isKnown = facts.userId !== undefined || facts.intent === 'signUp';
  if (!isKnown || (facts.amr ?? []).length === 0) throw faults.unproved({ step: 'secondFactor' });
}

function learnedBy({ context: { journey } }: Scene, proofs: readonly Proved[]): Facts {
  const { amr = [], enrolled = [] } = journey.facts;
  const added = proofs.flatMap((one) => (one.enrolled ? [one.enrolled] : []));
  return {
    secondFactor: 'proved',
    amr: [...new Set([...amr, ...proofs.map((one) => one.amr), provedTwice])],
    ...(enrolled.length + added.length > 0 ? { enrolled: [...enrolled, ...added] } : {}),
  };
}

async function finish(scene: Scene, proofs: readonly Proved[], how: string): Promise<Outcome> {
  const { context } = scene;
  for (const { used } of proofs) {
    if (used !== undefined) await context.identity.authenticators.used(used, context.clock.now());
  }
  context.note({ what: 'secondFactor', came: 'proved', because: { method: scene.settings.method, by: how } });
  return { kind: 'next', learned: learnedBy(scene, proofs) };
}

/** The codes for the day the second factor is lost are all used. */
const isUsedUp = ({ own, settings }: Scene): boolean =>
  settings.areRecoveryCodesOffered && own.some((one) => one.kind === 'recoveryCode' && one.left === 0);

/** The page of a way, with the other ways there are. */
function dressed(scene: Scene, settings: SecondFactorSettings, memo: Memo, screen: Screen): Screen {
  const label = (name: string) => ({ id: `${screen.id}.${name}` });
  const others = memo.stage === 'verify' ? verifyingWays(scene).filter(({ name }) => name !== memo.way) : [];
  const links = others.map((way): Action => ({ name: way.label, label: label(way.label), style: 'link' }));
  const skipping: readonly Action[] = settings.isOptional ? [{ ...skip, label: label('mfa_skip') }] : [];
  const told: readonly Message[] =
    memo.stage === 'verify' && isUsedUp(scene) ? [{ tone: 'info', text: label('recoveryCodes_usedUp') }] : [];
  return { ...screen, messages: [...screen.messages, ...told], actions: [...screen.actions, ...links, ...skipping] };
}

function shown(scene: Scene, settings: SecondFactorSettings, memo: Memo, turn: Shown): Outcome {
  const { context, user } = scene;
  const tries = (memo.wrong[memo.way] ?? 0) + (turn.isWrong ? 1 : 0);
  const limit = wayNamed(memo.way)?.limit?.(context.rules);
  if (limit && tries >= limit.tries) {
    context.note({ what: 'secondFactor', came: limit.refusal, because: { by: memo.way } });
    return { kind: 'refuse', refusal: limit.refusal };
  }
  const next: Memo = { ...memo, inner: turn.memo, wrong: { ...memo.wrong, [memo.way]: tries } };
  const failed = { reason: 'factor', signInName: accountName(scene), account: user } as const;
  return {
    kind: 'show',
    memo: next,
    screen: dressed(scene, settings, next, turn.screen),
    ...(turn.isWrong && user ? { failed } : {}),
  };
}

async function came(scene: Scene, settings: SecondFactorSettings, memo: Memo, turn: Turn): Promise<Outcome> {
  switch (turn.kind) {
    case 'show':
      return shown(scene, settings, memo, turn);
    case 'proved':
      return proved(scene, settings, memo, turn);
    default:
      return turn satisfies never;
  }
}

/** What was proved may be another kind than the flow asks for; then that is set up now. */
async function proved(scene: Scene, settings: SecondFactorSettings, memo: Memo, turn: Proved): Promise<Outcome> {
  const way = wayNamed(memo.way);
  const own = enrollingWay(scene);
  const isEnough = memo.stage === 'enrol' || (way && isAccepted(scene, way)) || own?.canVerify(scene);
  if (isEnough) return finish(scene, [...(memo.before ? [memo.before] : []), turn], memo.way);
  return begin(scene, settings, { stage: 'enrol', way: scene.settings.method, before: turn, wrong: memo.wrong });
}

async function begin(scene: Scene, settings: SecondFactorSettings, to: Omit<Memo, 'inner'>): Promise<Outcome> {
  const stage = stageOf(to);
  if (!stage) throw faults.unproved({ step: 'secondFactor' });
  scene.context.note({ what: 'secondFactor', came: to.stage, because: { method: scene.settings.method, by: to.way } });
  return came(scene, settings, { ...to, inner: undefined }, await stage.begin(scene));
}

const stageOf = ({ stage, way: wanted }: Omit<Memo, 'inner'>): FactorWay['enrol'] => wayNamed(wanted)?.[stage];

/** The password was chosen and the address proved in this very journey: the code of before is what another one would prove. */
function hasProvedEmail(scene: Scene): string | undefined {
  const { amr = [], provedEmails = [] } = scene.context.journey.facts;
  const address = emailOnRecord(scene);
  const isProved = address !== undefined && provedEmails.includes(fold(address)) && amr.includes('pwd');
  return scene.settings.method === 'email' && isProved ? address : undefined;
}

async function ask(scene: Scene, settings: SecondFactorSettings, wrong: Memo['wrong'] = {}): Promise<Outcome> {
  const [first] = verifyingWays(scene);
  const stage = first ? 'verify' : 'enrol';
  return begin(scene, settings, { stage, way: first?.name ?? scene.settings.method, wrong });
}

/** Nobody is bothered who has one, or whom a session knows. */
const isBothered = (scene: Scene): boolean =>
  scene.context.journey.session === undefined && verifyingWays(scene).length === 0;

async function enter(context: StepContext, settings: SecondFactorSettings): Promise<Outcome> {
  checkPerson(context);
  if (context.journey.facts.amr?.includes(provedTwice)) return { kind: 'next', learned: { secondFactor: 'proved' } };
  const scene = await sceneOf(context, settings);
  if (isGone(scene)) return { kind: 'refuse', refusal: 'accountDisabled' };
  if (settings.isOptional && !isBothered(scene)) return { kind: 'next' };
  const address = hasProvedEmail(scene);
  if (address === undefined) return ask(scene, settings);
  const turn = provedBy(scene, address);
  return turn.kind === 'proved' ? finish(scene, [turn], 'email') : ask(scene, settings);
}

/** Removed or switched off since the password was proved. */
const isGone = ({ context, user }: Scene): boolean =>
  context.journey.facts.userId !== undefined && user?.accountEnabled !== true;

/** Methods may have come or gone since the page was shown: what it offered must still be right. */
function isOutdated(scene: Scene, { stage, way, before }: Memo): boolean {
  const ways = verifyingWays(scene);
  if (stage === 'verify') return !ways.some(({ name }) => name === way);
  return before === undefined && ways.length > 0;
}

async function submit(context: StepContext, settings: SecondFactorSettings, input: Input): Promise<Outcome> {
  if (input.action === 'cancel') return { kind: 'refuse', refusal: 'cancelled' };
  if (input.action === 'skip' && settings.isOptional) {
    context.note({ what: 'secondFactor', came: 'skipped' });
    return { kind: 'next' };
  }
  checkPerson(context);
  const scene = await sceneOf(context, settings);
  if (isGone(scene)) return { kind: 'refuse', refusal: 'accountDisabled' };
  const memo = context.journey.memo as Memo;
  if (isOutdated(scene, memo)) return ask(scene, settings, memo.wrong);
  const other = verifyingWays(scene).find(({ label }) => label === input.action);
  if (other && memo.stage === 'verify')
    return begin(scene, settings, { stage: 'verify', way: other.name, wrong: memo.wrong });
  const stage = stageOf(memo);
  if (!stage) throw faults.unproved({ step: 'secondFactor' });
  return came(scene, settings, memo, await stage.answer(scene, memo.inner, input));
}

const methodInWords: Readonly<Record<FactorSettings['method'], string>> = {
  email: 'a code by e-mail',
  phone: 'a code by text message',
  totp: 'a code of an authenticator application',
};

function explain({ method, isOptional, areRecoveryCodesOffered, passkeys }: SecondFactorSettings): string {
  const what = methodInWords[method];
  if (isOptional) return `Offers to set up ${what} as a second factor, which can be put off`;
  const others = [
    ...(passkeys.countsAsSecondFactor ? ['a passkey'] : []),
    ...(areRecoveryCodesOffered ? ['a recovery code'] : []),
  ];
  const instead = others.length > 0 ? ` (or ${others.join(' or ')})` : '';
  return `Asks for ${what}${instead} as a second factor, and sets it up where there is none`;
}

/** The second factor: proved by whoever has one, set up by whoever has none (b2c contract d.3, step 6). */
export const secondFactor: Step<SecondFactorSettings> = {
  kind: 'secondFactor',
  words: [
    ...factorWays.flatMap(({ words }) => words),
    ...['phonefactor', 'selfasserted'].flatMap((screenId) =>
      ['mfa_skip', 'recoveryCodes_usedUp', ...factorWays.map(({ label }) => label)].map(
        (name) => `${screenId}.${name}`,
      ),
    ),
  ],
  explain,
  enter,
  submit,
};
