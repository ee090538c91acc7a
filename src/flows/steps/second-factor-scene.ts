import {
  type Authenticator,
  type AuthenticatorKind,
  type NewAuthenticator,
  recoveryAddressesOf,
  type User,
} from '../../identity/index.ts';
import { fold } from '../../model/index.ts';
import type { Refusal } from '../journey.ts';
import { maskedAddress } from '../masked.ts';
import type { PasskeySettings } from '../passkey.ts';
import type { PlanRules } from '../plan.ts';
import type { Screen } from '../screen.ts';
import type { Input, StepContext } from '../step.ts';

/** What a flow says about second factors. Plain data. */
export interface FactorSettings {
  /** What whoever has none sets up. */
  readonly method: 'email' | 'phone' | 'totp';
  readonly areRecoveryCodesOffered: boolean;
  readonly passkeys: PasskeySettings;
}

/** Who is asked, and what they have. */
export interface Scene {
  readonly context: StepContext;
  readonly settings: FactorSettings;
  /** Absent: the account is still to be created. */
  readonly user: User | undefined;
  /** What can be a second factor now. */
  readonly own: readonly Authenticator[];
}

/** What one page of a way came to. */
export type Turn =
  | {
      readonly kind: 'show';
      readonly screen: Screen;
      readonly memo: unknown;
      /** A code was looked at and is not right: one more try is gone. */
      readonly isWrong?: true;
    }
  | {
      readonly kind: 'proved';
      /** RFC 8176 name. */
      readonly amr: string;
      /** Id of what was on record already. */
      readonly used?: string;
      /** To be kept from now on. */
      readonly enrolled?: NewAuthenticator;
    };

export type Shown = Extract<Turn, { kind: 'show' }>;

/** How often a journey may be wrong in one way, and what it comes to then. */
export interface FactorLimit {
  readonly tries: number;
  readonly refusal: Refusal;
}

/** Pages one after the other; `memo` is what the page before has kept. */
export interface Stage {
  begin(scene: Scene): Promise<Turn>;
  answer(scene: Scene, memo: unknown, input: Input): Promise<Turn>;
}

/** One kind of second factor. */
export interface FactorWay {
  readonly name: AuthenticatorKind;
  /** Message id of the link that leads to it from another. */
  readonly label: string;
  readonly words: readonly string[];
  /** Absent: what is sent has limits of its own. */
  limit?(rules: PlanRules): FactorLimit;
  /** The person has what it takes. */
  canVerify(scene: Scene): boolean;
  readonly verify: Stage;
  /** Absent: it cannot be set up here. */
  readonly enrol?: Stage;
}

/**
 * Who came in by a code to their phone, now or in the session, cannot prove with the same phone that they are not just its finder (b2c
 * contract d.2).
 */
const cameByPhone = ({ journey: { facts } }: StepContext): boolean =>
  (facts.amr ?? []).includes('sms') && !(facts.amr ?? []).includes('pwd');

const methodFor = ({ method }: FactorSettings, context: StepContext): FactorSettings['method'] =>
  method === 'phone' && cameByPhone(context) ? 'email' : method;

/** Of what is on record that which is no second factor now, since it was the first. */
function wasFirst(one: Authenticator, user: User | undefined, context: StepContext): boolean {
  if (one.kind !== 'phone' || !cameByPhone(context)) return false;
  const names = (user?.identities ?? []).map(({ issuerAssignedId }) => issuerAssignedId);
  return names.includes(one.content);
}

export async function sceneOf(context: StepContext, settings: FactorSettings): Promise<Scene> {
  const { userId } = context.journey.facts;
  const [user, own] =
    userId === undefined
      ? [undefined, []]
      : await Promise.all([context.identity.find(userId), context.identity.authenticators.of(userId)]);
  const others = own.filter((one) => !wasFirst(one, user, context));
  return { context, settings: { ...settings, method: methodFor(settings, context) }, user, own: others };
}

/** The name under which an authenticator application shows the account. */
export function accountName({ context, user }: Pick<Scene, 'context' | 'user'>): string {
  const { signInName, foreign, prefill = {} } = context.journey.facts;
  const local = user?.identities.find(({ signInType }) => signInType !== 'federated')?.issuerAssignedId;
  const address = user?.mail ?? user?.otherMails[0] ?? foreign?.email;
  return signInName ?? local ?? address ?? user?.displayName ?? String(prefill['displayName'] ?? '');
}

/** The address codes go to: one that was proved for it, else the one that is on record. */
export function emailOnRecord({ context, user, own }: Scene): string | undefined {
  const kept = own.find((one) => one.kind === 'email');
  if (kept?.kind === 'email') return kept.content;
  if (!user) return context.journey.facts.provedEmails?.[0];
  return recoveryAddressesOf(user)[0] ?? user.mail ?? user.otherMails[0];
}

/** What a person has typed on the way is no secret to them. */
export function maskedEmail({ context: { journey } }: Scene, address: string): string {
  const { signInName, provedEmails = [] } = journey.facts;
  if (provedEmails.includes(fold(address)) || fold(signInName ?? '') === fold(address)) return address;
  return maskedAddress(address);
}

/** The last digits alone. */
export const maskedNumber = (number: string): string => `•••• ${number.slice(-4)}`;
