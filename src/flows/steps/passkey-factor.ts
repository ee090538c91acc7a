import { wordsOf } from '../page-words.ts';
import { cameByPasskey, ceremonyOf, type PasskeyMemo, passkeyAction, passkeyAnswer, placeOf } from '../passkey.ts';
import type { Message } from '../screen.ts';
import type { FactorWay, Scene, Turn } from './second-factor-scene.ts';

const screenId = 'selfasserted';
const { word, failure, cancel } = wordsOf(screenId);

const amrOf = (scene: Scene): readonly string[] => scene.context.journey.facts.amr ?? [];

/** Who came in by this very passkey proves no more by having it: then the authenticator must make sure who it is. */
const verificationFor = (scene: Scene) =>
  cameByPasskey(amrOf(scene)) ? 'required' : scene.settings.passkeys.userVerification;

/** The flow takes a passkey for a second factor, and the person has one that is. */
export const isPasskeyAccepted = ({ own, settings }: Scene): boolean =>
  settings.passkeys.countsAsSecondFactor && own.some((one) => one.kind === 'passkey' && one.content.isVouchedFor);

async function ask(scene: Scene, messages: readonly Message[] = []): Promise<Turn> {
  const { context, user } = scene;
  const place = placeOf(context, { userVerification: verificationFor(scene) });
  const question = user && (await context.identity.passkeys.toUse(place, user.id));
  const screen = {
    id: screenId,
    heading: word('mfa_heading'),
    intro: word('passkey_intro'),
    messages,
    fields: [],
    ...(question ? { passkey: ceremonyOf('get', question) } : {}),
    actions: [cancel],
  };
  return { kind: 'show', screen, memo: question && ({ challenge: question.challenge } satisfies PasskeyMemo) };
}

/** A passkey of the person who has signed in already with something else. */
export const passkeyWay: FactorWay = {
  name: 'passkey',
  label: 'way_passkey',
  words: ['mfa_heading', 'passkey_intro', 'passkey_refused', 'button_cancel'].map((name) => `${screenId}.${name}`),
  canVerify: (scene) =>
    scene.own.some(({ kind }) => kind === 'passkey') &&
    (scene.settings.passkeys.countsAsSecondFactor || !cameByPasskey(amrOf(scene))),
  verify: {
    begin: (scene) => ask(scene),
    async answer(scene, memo, input) {
      const { context, user } = scene;
      const asked = memo as PasskeyMemo | undefined;
      if (input.action !== passkeyAction || !asked || !user) return ask(scene);
      const { identity, clock } = context;
      const proof = await identity.passkeys.prove(asked.challenge, passkeyAnswer(input), clock.now(), user.id);
      // Beside one that counts, one that does not is no way in.
      const isRight = proof.kind === 'proved' && (proof.passkey.isVouchedFor || !isPasskeyAccepted(scene));
      if (!isRight) return ask(scene, [failure('passkey_refused')]);
      return { kind: 'proved', amr: proof.passkey.isBackupEligible ? 'swk' : 'hwk' };
    },
  },
};
