import type { CallbackAnswer } from '../../federation/index.ts';
import type { OpenInvitation } from '../../identity/index.ts';
import { system } from '../../kernel/index.ts';
import { fold } from '../../model/index.ts';
import type { Facts, ForeignFacts } from '../facts.ts';
import { faults } from '../faults.ts';
import { chosenProvider, receive } from '../foreign.ts';
import { wordsOf } from '../page-words.ts';
import type { OfferedProvider } from '../plan.ts';
import { nextPress, type Proof, pressProof, unproved } from '../proof/control.ts';
import { type Message, proofNames } from '../screen.ts';
import type { Input, Outcome, Step, StepContext } from '../step.ts';
import { type ForeignPage, leaveFor, type MaybeAbroad } from '../steps/foreign-turn.ts';
import { mailFacts } from './mail-person.ts';
import { redeemControl, redeemEnd, redeemPage, redeemScreen, redeemWords } from './redeem-screen.ts';

export interface RedeemSettings {
  readonly providers: readonly OfferedProvider[];
}

interface Entries extends MaybeAbroad {
  readonly proof: Proof;
}

type Shown = Extract<Outcome, { kind: 'show' }>;
type Remarks = Parameters<typeof redeemScreen>[1];

/** One page on its way, with the invitation as it is now. */
interface Turn {
  readonly context: StepContext;
  readonly settings: RedeemSettings;
  readonly invitation: OpenInvitation;
  readonly tenant: string;
}

const show = (
  { settings: { providers }, invitation: { email }, tenant }: Turn,
  proof: Proof,
  remarks?: Remarks,
): Shown => ({
  kind: 'show',
  memo: { proof } satisfies Entries,
  screen: redeemScreen({ email, tenant, proof, providers }, remarks),
});

const end = (name: Parameters<typeof redeemEnd>[0]): Shown => ({ kind: 'show', screen: redeemEnd(name) });

const memoOf = ({ journey }: StepContext): Entries => (journey.memo as Entries | undefined) ?? { proof: unproved };

const pageOf = (turn: Turn): ForeignPage => ({
  id: redeemPage,
  signsUp: () => false,
  show: (messages) => show(turn, memoOf(turn.context).proof, { messages }),
});

/** Asks anew each time whether there is still something to accept: somebody else may have done so, or taken it back. */
async function onOpen(
  context: StepContext,
  settings: RedeemSettings,
  act: (turn: Turn) => Promise<Outcome>,
): Promise<Outcome> {
  const { invitation: id } = context.journey;
  if (id === undefined) throw faults.unproved({ step: 'redeem' });
  const invitation = await context.identity.guests.stillOpen(id);
  if (!invitation) return end('redeem_over');
  const { displayName: tenant } = await context.identity.settings();
  return act({ context, settings, invitation, tenant });
}

/** The person is the one who was invited, by what they have proved: the account is theirs from now on. */
async function accept({ context, invitation }: Turn, foreign: ForeignFacts, amr: Facts['amr']): Promise<Outcome> {
  const came = await context.identity.guests.accept(system('redemption'), invitation.guestId, foreign);
  context.note({ what: 'invitation', came, because: { provider: foreign.provider } });
  if (came !== 'accepted') return end(came === 'taken' ? 'redeem_taken' : 'redeem_over');
  return { kind: 'next', learned: { intent: 'signIn', userId: invitation.guestId, foreign, ...(amr ? { amr } : {}) } };
}

async function press(turn: Turn, { action, values }: Input): Promise<Outcome> {
  const { context, settings, invitation } = turn;
  const provider = chosenProvider(settings.providers, action);
  if (provider) return leaveFor(context, pageOf(turn), provider);
  const { proof: before } = memoOf(context);
  const pressed = action === 'continue' ? nextPress(redeemControl, before) : action;
  const typed = values[proofNames(redeemControl).code] ?? '';
  const address = invitation.email;
  const came = await pressProof(context, redeemControl, before, { action: pressed, address, typed });
  const { proof = before, messages = [] } = came ?? {};
  return proof.state === 'verified'
    ? accept(turn, mailFacts(address), ['otp'])
    : show(turn, proof, { proof: messages });
}

/**
 * A provider proves the invited person only by saying that it has proved the invited address itself: the link alone, which can be forwarded,
 * opens nothing, and neither does an address that somebody has merely typed there.
 */
async function comeBack(turn: Turn, answer: CallbackAnswer | undefined): Promise<Outcome> {
  const { context, settings, invitation } = turn;
  const { proof, abroad } = memoOf(context);
  if (!answer || !abroad) return show(turn, proof);
  const came = await receive(context, abroad, answer);
  if (came.kind === 'known' || came.kind === 'disabled') return end('redeem_taken');
  const { foreign, amr } = came.kind === 'unknown' ? came.learned : {};
  if (foreign?.isEmailVerified && fold(foreign.email ?? '') === fold(invitation.email))
    return accept(turn, foreign, amr);
  const provider = settings.providers.find(({ id }) => id === abroad.provider)?.name ?? abroad.provider;
  const refused: Message = wordsOf(redeemPage).failure('redeem_unconfirmed', { provider });
  return show(turn, proof, { messages: [refused] });
}

/** Where an invited person shows that they are meant, and accepts by it (Graph contract a.10, `inviteRedeemUrl`). */
export const redeem: Step<RedeemSettings> = {
  kind: 'redeem',
  words: redeemWords,
  explain: ({ providers }) =>
    `The invited person proves the invited address${providers.length > 0 ? ` by a code or at ${providers.map(({ id }) => id).join(', ')}` : ' by a code'}, and accepts by it`,
  enter: (context, settings) => onOpen(context, settings, async (turn) => show(turn, unproved)),
  submit: (context, settings, input) => onOpen(context, settings, (turn) => press(turn, input)),
  comeBack: (context, settings, answer) => onOpen(context, settings, (turn) => comeBack(turn, answer)),
};
