import type { User } from '../../identity/index.ts';
import { isFault, system } from '../../kernel/index.ts';
import { arrivedUser, provedTwice } from '../facts.ts';
import { faults } from '../faults.ts';
import { wordsOf } from '../page-words.ts';
import {
  cameByPasskey,
  ceremonyOf,
  type PasskeyMemo,
  type PasskeySettings,
  passkeyAction,
  passkeyAnswer,
  placeOf,
} from '../passkey.ts';
import { isPutOff, putOff } from '../put-off.ts';
import type { Message, Screen } from '../screen.ts';
import type { Input, Outcome, Step, StepContext } from '../step.ts';
import { accountName } from './second-factor-scene.ts';

const screenId = 'selfasserted';
const { word, failure } = wordsOf(screenId);

/** Throws `flows.unproved` unless all that the flow asks for is proved. */
async function personIn({ identity, journey: { facts } }: StepContext): Promise<User | undefined> {
  const userId = arrivedUser(facts);
  if (userId === undefined) throw faults.unproved({ step: 'passkeyOffer' });
  return identity.find(userId);
}

/** Nobody is asked whom only a session knows, and who came in by a passkey has one. */
const mayLack = ({ session, facts }: StepContext['journey']): boolean =>
  session === undefined && !cameByPasskey(facts.amr);

/** A passkey may count as a second factor, here or in another flow: so whoever has one already proves it first. */
async function isOffered({ identity, ephemeral, journey }: StepContext, { id }: User): Promise<boolean> {
  const { facts, sender } = journey;
  const { amr = [], newUser } = facts;
  const own = await identity.authenticators.of(id);
  const isSure = newUser === true || own.length === 0 || amr.includes(provedTwice);
  return isSure && !(await isPutOff(ephemeral, 'passkey', id, sender.device));
}

async function ask(
  context: StepContext,
  settings: PasskeySettings,
  user: User,
  messages: readonly Message[] = [],
): Promise<Outcome> {
  const name = accountName({ context, user });
  const owner = { userId: user.id, name, displayName: user.displayName ?? name };
  const question = await context.identity.passkeys.toCreate(placeOf(context, settings), owner);
  if (!question) return { kind: 'next' };
  const screen: Screen = {
    id: screenId,
    heading: word('passkeyOffer_heading'),
    intro: word('passkeyOffer_intro'),
    messages,
    fields: [],
    passkey: ceremonyOf('create', question),
    actions: [{ name: 'notNow', label: word('passkeyOffer_skip'), style: 'secondary' }],
  };
  const memo: PasskeyMemo = { challenge: question.challenge };
  return { kind: 'show', screen, memo };
}

/** False: it has come to belong to somebody else, or there is no room for it any more. */
async function isKept(context: StepContext, { id }: User, input: Input): Promise<boolean> {
  const { identity, journey } = context;
  const { challenge } = journey.memo as PasskeyMemo;
  const made = await identity.passkeys.created(challenge, passkeyAnswer(input), journey.sender.userAgent);
  if (!made) return false;
  try {
    const { newUser, amr = [] } = journey.facts;
    const content = { ...made.passkey, isVouchedFor: newUser === true || amr.includes(provedTwice) };
    await identity.authenticators.add(system('set up while signing in'), id, { kind: 'passkey', content });
    return true;
  } catch (error) {
    const isTaken = isFault(error, 'identity.methodExists') || isFault(error, 'identity.tooManyMethods');
    if (isTaken) return false;
    throw error;
  }
}

/** Offers a passkey to whoever has come in without one, once in a journey; "not now" holds for ninety days on the browser. */
export const passkeyOffer: Step<PasskeySettings> = {
  kind: 'passkeyOffer',
  words: ['passkeyOffer_heading', 'passkeyOffer_intro', 'passkeyOffer_skip', 'passkeyOffer_failed'].map(
    (name) => `${screenId}.${name}`,
  ),
  explain: () => 'Offers to make a passkey, which can be put off',
  async enter(context, settings) {
    const user = mayLack(context.journey) ? await personIn(context) : undefined;
    return user && (await isOffered(context, user)) ? ask(context, settings, user) : { kind: 'next' };
  },
  async submit(context, settings, input) {
    const user = await personIn(context);
    if (!user) return { kind: 'next' };
    const { ephemeral, journey } = context;
    if (input.action !== passkeyAction) {
      await putOff(ephemeral, 'passkey', user.id, journey.sender.device);
      context.note({ what: 'passkey', came: 'putOff' });
      return { kind: 'next' };
    }
    if (!(await isKept(context, user, input))) return ask(context, settings, user, [failure('passkeyOffer_failed')]);
    context.note({ what: 'passkey', came: 'created' });
    return { kind: 'next' };
  },
};
