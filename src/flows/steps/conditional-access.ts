import { type DeviceStanding, standingOf } from '../known-devices.ts';
import type { Outcome, Step, StepContext } from '../step.ts';
import { type AccessRule, meansRisk, type Ruling, rulingFor } from './conditional-access-rules.ts';
import { type FactorSettings, sceneOf } from './second-factor-scene.ts';
import { verifyingWays } from './second-factor-ways.ts';

export interface ConditionalAccessSettings {
  readonly rules: readonly AccessRule[];
  /** Absent: second factors are off in the flow. */
  readonly factor?: FactorSettings;
}

const hasFactor = async (context: StepContext, factor: FactorSettings): Promise<boolean> =>
  verifyingWays(await sceneOf(context, factor)).length > 0;

/** Who has no second factor yet can have proved none: where they have signed in before they come in, and are offered one. */
async function deviceOf(context: StepContext, factor: FactorSettings | undefined): Promise<DeviceStanding> {
  const { sender, facts } = context.journey;
  const { userId } = facts;
  const standing = userId === undefined ? 'new' : await standingOf(context.ephemeral, sender.device, userId);
  return standing === 'known' && !(factor && (await hasFactor(context, factor))) ? 'proved' : standing;
}

async function ruling(context: StepContext, { rules, factor }: ConditionalAccessSettings): Promise<Ruling> {
  const { client, sender } = context.journey;
  const device = await deviceOf(context, factor);
  return rulingFor(rules, { application: client.appId, address: sender.address, device });
}

/** Whoever signs up, or just has, owns the account for certain. */
const isNew = ({ journey: { facts } }: StepContext): boolean => facts.userId === undefined || facts.newUser === true;

/**
 * A second factor that is set up by whoever knows the password proves nothing where the sign-in is out of the ordinary: so whoever has
 * none is kept out (b2c contract j).
 */
async function factorFor(context: StepContext, factor: FactorSettings, rules: readonly AccessRule[]): Promise<Outcome> {
  if (rules.some(meansRisk) && !isNew(context) && !(await hasFactor(context, factor))) {
    context.note({ what: 'conditionalAccess', came: 'notEnrolled', because: { method: factor.method } });
    return { kind: 'refuse', refusal: factor.method === 'phone' ? 'notEnrolled' : 'blocked' };
  }
  return { kind: 'next', learned: { secondFactor: 'required' } };
}

const controlInWords: Readonly<Record<AccessRule['control'], string>> = {
  block: 'refused',
  requireMultifactor: 'asked for a second factor',
  allow: 'let in',
};

/** The rules of access of the flow (b2c contract d.3, step 6); asked at every sign-in, also by single sign-on. */
export const conditionalAccess: Step<ConditionalAccessSettings> = {
  kind: 'conditionalAccess',
  words: [],
  explain: ({ rules }) =>
    rules.length === 0
      ? 'Asks the rules of access, of which there are none'
      : `Asks the rules of access, of which the strictest counts: ${rules
          .map(({ displayName, control }) => `${displayName} (${controlInWords[control]})`)
          .join(', ')}`,
  async enter(context, settings) {
    const { factor } = settings;
    const { control, rules: deciding } = await ruling(context, settings);
    const [first] = deciding;
    const because = first ? { because: { rule: first.displayName } } : {};
    context.note({ what: 'conditionalAccess', came: control, ...because });
    if (control === 'allow') return { kind: 'next' };
    if (control === 'requireMultifactor' && factor) return factorFor(context, factor, deciding);
    return { kind: 'refuse', refusal: 'blocked' };
  },
  async submit() {
    return { kind: 'refuse', refusal: 'cancelled' };
  },
};
