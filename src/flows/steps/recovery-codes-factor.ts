import type { FactorCheck } from '../../identity/index.ts';
import { wordsOf } from '../page-words.ts';
import type { Message, Screen, Text } from '../screen.ts';
import type { FactorWay, Scene, Shown, Turn } from './second-factor-scene.ts';

const screenId = 'selfasserted';
const { word, failure, cancel } = wordsOf(screenId);

const failures: Readonly<Record<Exclude<FactorCheck, 'proved'>, string>> = {
  wrong: 'recoveryCode_wrong',
  // A used code is no code any more.
  spent: 'recoveryCode_wrong',
  tooMany: 'mfa_throttled',
};

function show(messages: readonly Message[] = [], error?: Text): Shown {
  const screen: Screen = {
    id: screenId,
    heading: word('mfa_heading'),
    intro: word('recoveryCode_intro'),
    messages,
    fields: [
      {
        name: 'recoveryCode',
        input: 'text',
        label: word('recoveryCode'),
        required: true,
        maxLength: 40,
        ...(error ? { errors: [error] } : {}),
      },
    ],
    actions: [{ name: 'continue', label: word('totp_button_verify'), style: 'primary' }, cancel],
  };
  return { kind: 'show', screen, memo: undefined };
}

async function answer({ context, user }: Scene, typed: string): Promise<Turn> {
  if (typed.trim() === '') return show([], word('requiredField_code'));
  const { authenticators } = context.identity;
  const came = user ? await authenticators.useRecoveryCode(user.id, typed, context.clock.now()) : 'wrong';
  if (came === 'proved') return { kind: 'proved', amr: 'otp' };
  const shown = came === 'tooMany' ? show([failure(failures[came])]) : show([], word(failures[came]));
  return { ...shown, isWrong: true };
}

/** One of the codes that were written down for the day the second factor is lost. */
export const recoveryCodeWay: FactorWay = {
  name: 'recoveryCode',
  label: 'way_recoveryCode',
  words: [
    'mfa_heading',
    'recoveryCode_intro',
    'recoveryCode',
    'totp_button_verify',
    'button_cancel',
    'requiredField_code',
    ...Object.values(failures),
  ].map((name) => `${screenId}.${name}`),
  limit: ({ codes }) => ({ tries: codes.triesPerCode, refusal: 'tooManyAttempts' }),
  canVerify: ({ own, settings }) =>
    settings.areRecoveryCodesOffered && own.some((one) => one.kind === 'recoveryCode' && one.left > 0),
  verify: {
    begin: async () => show(),
    answer: (scene, _memo, { values }) => answer(scene, values['recoveryCode'] ?? ''),
  },
};
