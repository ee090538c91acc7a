import { SoftwareAuthenticator } from '../../../test/support/software-authenticator.ts';
import type { OutboxMessage } from '../../connectors/index.ts';
import type { Move } from '../host.ts';
import { proofNames, type Screen } from '../screen.ts';
import type { Input } from '../step.ts';
import { newPasswords, password, sender } from './harness.ts';

/**
 * Somebody who presses what should not be pressed. Mallory has an account, a mailbox and a telephone of her own, knows the
 * names of other people and their usual addresses, and reads nobody else's mail.
 */
export const mallory = {
  email: 'mallory@mallory.example',
  userName: 'mallory',
  phone: '+4915112340001',
  password,
  mailboxes: ['mallory@mallory.example', 'fresh1@mallory.example', 'fresh2@mallory.example', '+4915112340001'],
} as const;

/** Whose accounts nobody but they themselves may come into. */
export const victims = {
  email: 'victim@contoso.example',
  userName: 'victim',
  phone: '+4915112340002',
} as const;

/** A source of choices; each step of a walk is made of a few numbers, so that a failing walk can be told and shortened. */
export type Pick = <T>(from: readonly T[]) => T;

export function picker(numbers: readonly number[]): Pick {
  let at = 0;
  return (from) => {
    const number = numbers[at % numbers.length] ?? 0;
    at += 1;
    if (from.length === 0) throw new TypeError('there is nothing to choose from');
    return from[number % from.length] as (typeof from)[number];
  };
}

/** What is her own comes more often, so that walks get somewhere. */
const often = <T>(own: T): readonly T[] => [own, own, own, own, own];

const names = [
  ...often(mallory.email),
  ...often(mallory.userName),
  mallory.email,
  mallory.userName,
  victims.email,
  victims.userName,
  'fresh1@mallory.example',
  'new-name',
  '',
];
const addresses = [
  ...often(mallory.email),
  ...often('fresh1@mallory.example'),
  victims.email,
  'fresh1@mallory.example',
  'fresh2@mallory.example',
  'no address',
];
const phones = [...often(mallory.phone), victims.phone, '+4915112340003', '12'];
const { newPassword } = newPasswords;
const passwords = [...often(mallory.password), 'Wrong-password-1', newPassword, 'weak', ''];

export interface Means {
  /** What came to a mailbox or telephone, newest first. */
  readonly inbox: (to: string) => readonly OutboxMessage[];
  readonly pick: Pick;
}

/** A code from her own mailboxes, or a guess. */
function codeFrom({ inbox, pick }: Means): string {
  const mine = mallory.mailboxes.flatMap((box) => inbox(box).slice(0, 2)).flatMap(({ code }) => code ?? []);
  return pick([...often(mine[0] ?? '000000'), ...often(mine[0] ?? '000000'), ...mine, '000000', '']);
}

/** Something for a field, as its kind suggests; the same for a password and its repetition. */
function valueFor(field: Screen['fields'][number], means: Means, chosen: string): string {
  const { pick } = means;
  switch (field.input) {
    case 'email':
      return pick(addresses);
    case 'phone':
      return pick(phones);
    case 'password':
      return field.name === 'password' ? pick(passwords) : pick([...often(chosen), pick(passwords)]);
    case 'code':
      return codeFrom(means);
    case 'checkbox':
      return pick(['true', '']);
    case 'date':
      return pick([...often('1990-02-03'), '2020-01-01', '']);
    case 'number':
      return pick(['7', 'x']);
    case 'dropdown':
    case 'radio':
    case 'checkboxes':
      return pick([...(field.choices ?? []).map(({ value }) => value), '']);
    case 'text':
      return /name|user|id|logon/i.test(field.name) ? pick(names) : pick(['Mallory', '', '<b>']);
    default:
      return field.input satisfies never;
  }
}

/** What can be pressed on the screen, the ways forward more often than the others, and now and then what cannot. */
function actionsOf({ actions, verification, passkey }: Screen): readonly string[] {
  const primary = actions.filter(({ style }) => style === 'primary').map(({ name }) => name);
  const proof = verification ? Object.values(proofNames(verification)).slice(0, 4) : [];
  const forward = verification && verification.state !== 'verified' ? proof.slice(0, 2) : primary;
  const others = [...actions.map(({ name }) => name), ...proof, ...(passkey ? [passkey.action] : [])];
  return [...forward.flatMap(often), ...forward.flatMap(often), ...others, 'continue', 'next', 'skip'];
}

/** Of her own, with whatever passkeys she was let make. */
const device = new SoftwareAuthenticator(sender.origin ?? '');

/** What her device says to the page, now and then for another place or with somebody else's handle. */
function passkeyFor({ passkey }: Screen, { pick }: Means): Readonly<Record<string, string>> {
  if (!passkey) return {};
  const mischief = pick([
    {},
    {},
    {},
    {},
    { origin: 'https://evil.example' },
    { userHandle: 'AAAA' },
    { tampers: true },
  ]);
  if (passkey.ceremony === 'create') return { passkey: device.create(passkey.options, mischief) };
  return { passkey: device.keys.length > 0 ? device.get(passkey.options, mischief, pick(device.keys)) : '{}' };
}

/** What she sends for a screen. */
export function inputFor(move: Extract<Move, { kind: 'show' }>, means: Means): Input {
  const { screen } = move;
  const chosen = means.pick([...often(newPassword), ...passwords]);
  const values = Object.fromEntries(screen.fields.map((field) => [field.name, valueFor(field, means, chosen)]));
  const code = screen.verification ? { [proofNames(screen.verification).code]: codeFrom(means) } : {};
  const kept = screen.verification && means.pick([true, true, true, false]);
  const stays = kept
    ? Object.fromEntries(screen.fields.flatMap(({ name, value }) => (value ? [[name, value]] : [])))
    : {};
  return {
    action: means.pick(actionsOf(screen)),
    values: { ...values, ...stays, ...code, ...passkeyFor(screen, means) },
  };
}
