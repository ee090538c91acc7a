import type { PasswordElsewhere, PasswordProof, Proving, User } from '../../identity/index.ts';
import { newId } from '../../kernel/index.ts';
import { quoted } from '../callouts/trouble-page.ts';
import { standingOf } from '../known-devices.ts';
import { wordsOf } from '../page-words.ts';
import type { Message } from '../screen.ts';
import type { StepContext } from '../step.ts';
import { type Action, unknownAction } from './answer.ts';
import { askExtension, listening, noteCall } from './ask.ts';
import { type Block, readBlock } from './attribute-answers.ts';
import { type CallFailure, failed } from './failure.ts';
import { passwordContext } from './password-context.ts';
import { userElement } from './request.ts';
import type { Subscription } from './subscriptions.ts';

/** A name and a password, typed on a page. */
export interface TypedPassword {
  /** Whose words are said. */
  readonly page: string;
  readonly name: string;
  readonly password: string;
  readonly kinds: Proving['kinds'];
}

/** Message ids of a page that asks for passwords. */
export const passwordSubmitWords = (page: string): readonly string[] => [
  `${page}.extension_failed`,
  `${page}.extension_blocked`,
];

type Verdict =
  | { readonly kind: 'migrate' | 'update' }
  | { readonly kind: 'retry' | 'block'; readonly said: Block }
  | CallFailure;

const withWords = ['retry', 'block'] as const;

/** The nonce comes back with every answer, so that none is for another request. */
function read(nonce: string): (action: Action) => Verdict {
  return (action) => {
    if (action.data['nonce'] !== nonce) return failed('badBody', "The 'nonce' of 'data' is not the one it was sent.");
    if (action.name === 'migratepassword') return { kind: 'migrate' };
    if (action.name === 'updatepassword') return { kind: 'update' };
    const kind = withWords.find((one) => one === action.name);
    if (!kind) return unknownAction();
    const said = readBlock(action);
    return said.kind === 'failed' ? said : { kind, said };
  };
}

async function ask(
  context: StepContext,
  subscription: Subscription,
  { name, password }: TypedPassword,
  account: User,
): Promise<Verdict> {
  const nonce = newId();
  const told = await passwordContext(context, subscription, { password, nonce, userName: name });
  if (told.kind === 'failed') {
    noteCall(context, subscription, told);
    return told;
  }
  return askExtension<Exclude<Verdict, CallFailure>>(context, subscription, {
    own: told.own,
    circumstances: { user: userElement(account) },
    read: read(nonce),
  });
}

const literals = ({ title, message }: Block): readonly Message[] =>
  [title, message].flatMap((literal) => (literal === undefined ? [] : [quoted(literal)]));

/** What the page says in place of its own words; undefined: those. */
function saidOf({ journey }: StepContext, page: string, verdict: Verdict): readonly Message[] | undefined {
  const { failure } = wordsOf(page);
  switch (verdict.kind) {
    case 'failed':
      return [failure('extension_failed', { code: String(verdict.code), correlationId: journey.correlationId })];
    case 'block':
    case 'retry': {
      const said = literals(verdict.said);
      if (said.length > 0) return said;
      return verdict.kind === 'block' ? [failure('extension_blocked')] : undefined;
    }
    case 'migrate':
    case 'update':
      return undefined;
    default:
      return verdict satisfies never;
  }
}

/** A right password that the rules of today do not allow comes in once, to be replaced. */
async function judge(
  { identity, rules }: StepContext,
  password: string,
  account: User,
  { kind }: Verdict,
): Promise<Awaited<ReturnType<PasswordElsewhere['ask']>>> {
  if (kind === 'update') return 'weak';
  if (kind === 'retry') return 'wrong';
  if (kind !== 'migrate') return 'undecided';
  const chooser = { account, ...(rules.passwords ? { rules: rules.passwords } : {}) };
  return (await identity.checkPassword(password, chooser)).length > 0 ? 'weak' : 'right';
}

/** Whoever fails elsewhere locks nobody out of the browsers where they have signed in before. */
const visitorOf = ({ journey: { sender }, ephemeral }: StepContext): Proving['visitor'] => ({
  address: sender.address,
  device: sender.device,
  knows: async (userId) => (await standingOf(ephemeral, sender.device, userId)) !== 'new',
});

/**
 * Proves a password. Where an extension listens for the application, it is asked about accounts whose migration property is true (b2c contract
 * f.4, OnPasswordSubmit): tries are counted and accounts locked as ever.
 */
export async function submitPassword(
  context: StepContext,
  typed: TypedPassword,
): Promise<{ readonly proof: PasswordProof; readonly said?: readonly Message[] }> {
  const { page, name, password, kinds } = typed;
  const { identity, rules } = context;
  const visitor = visitorOf(context);
  const subscription = rules.callsExtensions ? await listening(context, 'passwordSubmit') : undefined;
  const property = subscription?.migrationPropertyId;
  if (!subscription || property === undefined) {
    return { proof: await identity.provePassword(name, password, { kinds, visitor }) };
  }
  const verdicts: Verdict[] = [];
  const elsewhere: PasswordElsewhere = {
    property,
    async ask(account) {
      const verdict = await ask(context, subscription, typed, account);
      verdicts.push(verdict);
      return judge(context, password, account, verdict);
    },
  };
  const proof = await identity.provePassword(name, password, { kinds, elsewhere, visitor });
  const [verdict] = verdicts;
  const said = verdict && saidOf(context, page, verdict);
  return { proof, ...(said ? { said } : {}) };
}
