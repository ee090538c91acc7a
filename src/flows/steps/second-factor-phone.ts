import type { Authenticator } from '../../identity/index.ts';
import { codeField, wordsOf } from '../page-words.ts';
import type { Destination } from '../proof/destination.ts';
import { type Checking, checkCode, sendCode } from '../proof/one-time-code.ts';
import type { Action, Field, Message, Screen, Text } from '../screen.ts';
import type { Input } from '../step.ts';
import { phoneNumberOf } from './phone-number.ts';
import {
  type FactorLimit,
  type FactorWay,
  maskedNumber,
  type Scene,
  type Shown,
  type Stage,
  type Turn,
} from './second-factor-scene.ts';

const screenId = 'phonefactor';
const { word, failure, info, cancel } = wordsOf(screenId);

/** Wrong codes before the application is told (b2c contract j, `retryLimit`). */
const limit: FactorLimit = { tries: 3, refusal: 'factorAttempts' };

/** Plain data between the pages. */
interface Memo {
  /** Where the code went; absent: none was sent yet. */
  readonly sent?: string;
  /** The chosen number, or what was typed. */
  readonly number: string;
}

/** What one page adds to its constant parts. */
interface Remarks {
  readonly messages?: readonly Message[];
  readonly numberError?: Text;
  readonly codeError?: Text;
}

/** Where the two stages differ. */
interface Kind {
  /** The number to write to; `undefined`: what was sent names none. */
  numberIn(scene: Scene, memo: Memo, input: Input): string | undefined;
  numberField(scene: Scene, memo: Memo, error: Text | undefined): Field;
  intro(scene: Scene): string;
  readonly canChange: boolean;
  proved(scene: Scene, number: string): Turn;
}

const to = (address: string): Destination => ({ channel: 'sms', address, purpose: 'multifactorCode' });

const sendAction: Action = { name: 'sendCode', label: word('button_send_code'), style: 'primary' };
const verifyAction: Action = { name: 'verifyCode', label: word('button_verify_code'), style: 'primary' };
const retryAction: Action = { name: 'retryCode', label: word('text_button_send_second_code'), style: 'link' };
const changeAction: Action = { name: 'changeNumber', label: word('button_change_number'), style: 'link' };

function show(kind: Kind, scene: Scene, memo: Memo, remarks: Remarks = {}): Shown {
  const isSent = memo.sent !== undefined;
  const code = codeField('verificationCode', word('verification_code_input_placeholder_text'), remarks.codeError);
  const screen: Screen = {
    id: screenId,
    heading: word('heading'),
    intro: word(isSent ? 'enter_code_text_intro' : kind.intro(scene)),
    messages: remarks.messages ?? [],
    fields: [kind.numberField(scene, memo, remarks.numberError), ...(isSent ? [code] : [])],
    actions: [
      ...(isSent ? [verifyAction, retryAction, ...(kind.canChange ? [changeAction] : [])] : [sendAction]),
      cancel,
    ],
  };
  return { kind: 'show', screen, memo };
}

async function send(kind: Kind, scene: Scene, memo: Memo, number: string): Promise<Turn> {
  const sending = await sendCode(scene.context, to(number));
  const sent: Memo = { ...memo, number, sent: number };
  switch (sending.kind) {
    case 'sent':
      return show(kind, scene, sent, { messages: [info('code_sent')] });
    case 'tooSoon': {
      const time = { amount: sending.seconds, unit: 'second' } as const;
      return show(kind, scene, sent, { messages: [info('ver_resend_wait', { time })] });
    }
    case 'tooMany':
      return show(kind, scene, memo, { messages: [failure('error_sms_throttled')] });
    case 'failed':
      return show(kind, scene, { number }, { messages: [failure('error_tryagain')] });
    default:
      return sending satisfies never;
  }
}

const checkFailures: Readonly<Record<Exclude<Checking, 'proved' | 'wrong'>, string>> = {
  expired: 'ver_fail_code_expired',
  spent: 'ver_fail_no_retry',
  tooMany: 'error_throttled',
};

async function verify(kind: Kind, scene: Scene, memo: Memo, typed: string): Promise<Turn> {
  const { sent } = memo;
  if (sent === undefined) return show(kind, scene, memo);
  if (typed.trim() === '') return show(kind, scene, memo, { codeError: word('requiredField_code') });
  const checking = await checkCode(scene.context, to(sent), typed);
  if (checking === 'proved') return kind.proved(scene, sent);
  const remarks: Remarks =
    checking === 'wrong'
      ? { codeError: word('error_incorrect_code') }
      : { messages: [failure(checkFailures[checking])] };
  return { ...show(kind, scene, memo, remarks), isWrong: true };
}

const stageOf = (kind: Kind, first: (scene: Scene) => Memo): Stage => ({
  begin: async (scene) => show(kind, scene, first(scene)),
  async answer(scene, kept, input) {
    const memo = kept as Memo;
    switch (input.action) {
      case 'verifyCode':
        return verify(kind, scene, memo, input.values['verificationCode'] ?? '');
      case 'retryCode':
        return send(kind, scene, memo, memo.number);
      case 'changeNumber':
        return show(kind, scene, { number: memo.number });
      default: {
        const number = kind.numberIn(scene, memo, input);
        if (number !== undefined) return send(kind, scene, memo, number);
        const typed = (input.values['localNumber'] ?? '').trim();
        const numberError = word(typed === '' ? 'requiredField_number' : 'invalid_number');
        return show(kind, scene, { ...memo, number: typed.slice(0, longestNumber) }, { numberError });
      }
    }
  },
});

/** Characters of a number as people write it. */
const longestNumber = 40;

type Phone = Extract<Authenticator, { kind: 'email' | 'phone' }>;
const phonesOf = ({ own }: Scene): readonly Phone[] => own.filter((one): one is Phone => one.kind === 'phone');

/** A number on record: shown by its last digits. What the form names is the id of the number, never the number. */
const onRecord: Kind = {
  numberIn(scene, { number }, { values }) {
    const chosen = phonesOf(scene).find(({ id }) => id === values['number']);
    return chosen?.content ?? number;
  },
  numberField(scene, { number, sent }) {
    const phones = phonesOf(scene);
    const common = { name: 'number', label: word('number_label'), required: true } as const;
    if (phones.length < 2 || sent !== undefined) {
      return { ...common, input: 'text', readOnly: true, value: maskedNumber(number) };
    }
    const choices = phones.map(({ id, content }) => ({ value: id, label: { literal: maskedNumber(content) } }));
    return { ...common, input: 'radio', choices, value: phones.find(({ content }) => content === number)?.id ?? '' };
  },
  intro: (scene) => (phonesOf(scene).length < 2 ? 'intro_sms' : 'intro_sms_p'),
  canChange: false,
  proved(scene, number) {
    const used = phonesOf(scene).find(({ content }) => content === number)?.id;
    return { kind: 'proved', amr: 'sms', ...(used === undefined ? {} : { used }) };
  },
};

/** A number that the person enters. */
const entered: Kind = {
  numberIn: (_scene, _memo, { values }) => phoneNumberOf(values['localNumber'] ?? ''),
  numberField: (_scene, { number, sent }, error) => ({
    name: 'localNumber',
    input: 'phone',
    label: word('number_label'),
    required: true,
    ...(number === '' ? {} : { value: number }),
    ...(sent === undefined ? {} : { readOnly: true }),
    ...(error ? { errors: [error] } : {}),
  }),
  intro: () => 'intro_entry_sms',
  canChange: true,
  proved: (_scene, content) => ({ kind: 'proved', amr: 'sms', enrolled: { kind: 'phone', content } }),
};

/** A code by text message (b2c contract e.1, `phonefactor`). */
export const phoneWay: FactorWay = {
  name: 'phone',
  label: 'way_phone',
  words: [
    'heading',
    'button_cancel',
    'button_send_code',
    'button_verify_code',
    'button_change_number',
    'text_button_send_second_code',
    'verification_code_input_placeholder_text',
    'number_label',
    'intro_sms',
    'intro_sms_p',
    'intro_entry_sms',
    'enter_code_text_intro',
    'code_sent',
    'ver_resend_wait',
    'requiredField_number',
    'invalid_number',
    'requiredField_code',
    'error_incorrect_code',
    'error_sms_throttled',
    'error_tryagain',
    ...Object.values(checkFailures),
  ].map((name) => `${screenId}.${name}`),
  limit: () => limit,
  canVerify: (scene) => phonesOf(scene).length > 0,
  verify: stageOf(onRecord, (scene) => ({ number: phonesOf(scene)[0]?.content ?? '' })),
  enrol: stageOf(entered, () => ({ number: '' })),
};
