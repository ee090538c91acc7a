import { type FactorCheck, newTotp } from '../../identity/index.ts';
import { codeField, wordsOf } from '../page-words.ts';
import type { Exhibit, Message, Screen, Text } from '../screen.ts';
import { accountName, type FactorWay, type Scene, type Shown, type Turn } from './second-factor-scene.ts';

const screenId = 'selfasserted';
const { word, failure, cancel } = wordsOf(screenId);

/** Plain data between the pages; a journey is sealed, so the secret may stand in it. */
interface Memo {
  /** While it is set up. */
  readonly secret?: string;
  readonly uri?: string;
}

const failures: Readonly<Record<Exclude<FactorCheck, 'proved'>, string>> = {
  wrong: 'totp_wrong',
  spent: 'totp_spent',
  tooMany: 'mfa_throttled',
};

/** What an application that shows codes has to be told, as a picture and letter by letter. */
function exhibitsFor(scene: Scene, { secret, uri }: Memo): readonly Exhibit[] {
  if (secret === undefined || uri === undefined) return [];
  const account = accountName(scene);
  return [
    { kind: 'qrCode', id: 'totpQrCodeControl', content: uri, label: word('totpQrCodeControl_title') },
    {
      kind: 'secret',
      id: 'authenticatorInfoControl',
      label: word('authenticatorInfoControl_title', { account }),
      value: secret,
    },
  ];
}

function show(scene: Scene, memo: Memo, messages: readonly Message[] = [], error?: Text): Shown {
  const isNew = memo.secret !== undefined;
  const screen: Screen = {
    id: screenId,
    heading: word(isNew ? 'totp_enrol_heading' : 'mfa_heading'),
    intro: word(isNew ? 'totp_enrol_intro' : 'totp_intro'),
    messages,
    exhibits: exhibitsFor(scene, memo),
    fields: [codeField('otpCode', word('otpCode'), error)],
    actions: [{ name: 'continue', label: word('totp_button_verify'), style: 'primary' }, cancel],
  };
  return { kind: 'show', screen, memo };
}

async function look({ context, user }: Scene, { secret }: Memo, code: string): Promise<FactorCheck> {
  const { authenticators } = context.identity;
  const now = context.clock.now();
  if (secret !== undefined) return authenticators.proveTotp(secret, code, now);
  return user ? authenticators.useTotp(user.id, code, now) : 'wrong';
}

async function answer(scene: Scene, memo: Memo, typed: string): Promise<Turn> {
  if (typed.trim() === '') return show(scene, memo, [], word('requiredField_code'));
  const came = await look(scene, memo, typed);
  const { secret } = memo;
  if (came === 'proved') {
    return {
      kind: 'proved',
      amr: 'otp',
      ...(secret === undefined ? {} : { enrolled: { kind: 'totp', content: secret } }),
    };
  }
  const shown =
    came === 'tooMany' ? show(scene, memo, [failure(failures[came])]) : show(scene, memo, [], word(failures[came]));
  return { ...shown, isWrong: true };
}

const answering = (scene: Scene, memo: unknown, values: Readonly<Record<string, string>>): Promise<Turn> =>
  answer(scene, memo as Memo, values['otpCode'] ?? '');

/** Codes that an application shows (b2c contract e.1, TOTP pages): set up and proved on one page. */
export const totpWay: FactorWay = {
  name: 'totp',
  label: 'way_totp',
  words: [
    'mfa_heading',
    'totp_enrol_heading',
    'totp_enrol_intro',
    'totp_intro',
    'totpQrCodeControl_title',
    'authenticatorInfoControl_title',
    'otpCode',
    'totp_button_verify',
    'button_cancel',
    'requiredField_code',
    ...Object.values(failures),
  ].map((name) => `${screenId}.${name}`),
  limit: ({ codes }) => ({ tries: codes.triesPerCode, refusal: 'tooManyAttempts' }),
  canVerify: ({ own }) => own.some(({ kind }) => kind === 'totp'),
  verify: {
    begin: async (scene) => show(scene, {}),
    answer: (scene, memo, { values }) => answering(scene, memo, values),
  },
  enrol: {
    begin: async (scene) => {
      const { displayName } = await scene.context.identity.settings();
      return show(scene, newTotp(displayName, accountName(scene)));
    },
    answer: (scene, memo, { values }) => answering(scene, memo, values),
  },
};
