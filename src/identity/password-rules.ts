import { fold } from '../model/index.ts';
import type { Tenant } from '../store/index.ts';
import { commonPasswords } from './common-passwords.ts';
import { maximumPasswordLength } from './hasher.ts';

/** What new passwords must satisfy, written out; plain data. */
export interface PasswordDemands {
  /** Characters (code points after NFC). */
  readonly minimum: number;
  readonly maximum: number;
  /** How many of lower case, upper case, digits and the rest must occur. */
  readonly classes: number;
  /** Nothing but the digits 0 to 9, as for a PIN. */
  readonly digitsOnly: boolean;
  /** No white space at either end. */
  readonly trimmed: boolean;
  readonly refusesCommon: boolean;
}

/**
 * `nist-63b-4`: long, not common, nothing else (NIST SP 800-63B-4 §3.1.1.2). `b2c-strong`: Azure AD B2C's default, `b2c-simple` the same
 * without classes (b2c contract j). `b2c-weak`: what remains for an account whose password policy is `DisableStrongPassword`.
 */
export type PasswordRules = 'nist-63b-4' | 'b2c-strong' | 'b2c-simple' | 'b2c-weak' | PasswordDemands;

/** What a password needs, for programs, by the id of the message that tells people on the pages. */
const demands = {
  'password.tooShort': 'at least {minimum} characters',
  'password.tooLong': 'at most {maximum} characters',
  'password.tooFewClasses':
    'at least {required} of the four classes: lower case letters, upper case letters, digits, other characters',
  'password.notOnlyDigits': 'digits only',
  'password.untrimmed': 'no space at its beginning or end',
  'password.tooCommon': 'more than common words, names of this tenant and runs of characters',
} as const;

/** What a page says about lengths before anything is wrong. */
const lengths = ['password.length', 'password.exactLength'] as const;

type PasswordDemand = keyof typeof demands;

/** A message id of the pages and the values of its placeholders. */
export interface PasswordComplaint {
  readonly id: PasswordDemand;
  readonly values?: Readonly<Record<string, number>>;
}

/** A sentence about the rules, for whoever is about to choose a password; of the same form as a complaint. */
export interface PasswordHelp {
  readonly id: PasswordDemand | (typeof lengths)[number];
  readonly values?: Readonly<Record<string, number>>;
}

/** Every message id that `checkPassword` and `passwordHelp` may answer. */
export const passwordMessages: readonly string[] = [...Object.keys(demands), ...lengths];

/** What was complained of as one English phrase: what the password needs instead. */
export const describeComplaints = (complaints: readonly PasswordComplaint[]): string =>
  complaints
    .map(({ id, values = {} }) => demands[id].replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? '')))
    .join('; ');

const lenient = { classes: 0, digitsOnly: false, trimmed: false, refusesCommon: false };

const presets: Readonly<Record<Extract<PasswordRules, string>, PasswordDemands>> = {
  'nist-63b-4': { ...lenient, minimum: 15, maximum: maximumPasswordLength, refusesCommon: true },
  'b2c-strong': { ...lenient, minimum: 8, maximum: 64, classes: 3, trimmed: true },
  'b2c-simple': { ...lenient, minimum: 8, maximum: 64, trimmed: true },
  'b2c-weak': { ...lenient, minimum: 4, maximum: maximumPasswordLength },
};

const demandsOf = (rules: PasswordRules): PasswordDemands => (typeof rules === 'string' ? presets[rules] : rules);

const limitsOf = ({ minimum, maximum }: PasswordDemands) => ({ minimum, maximum });

/** What the rules say about a new password; empty when it may be used. Never asked at sign-in. Characters are code points. */
export function checkPassword(rules: PasswordRules, password: string, tenant: Tenant): readonly PasswordComplaint[] {
  const wanted = demandsOf(rules);
  // Counting the characters of a megabyte is needless work.
  if (password.length > maximumPasswordLength * 4) return [{ id: 'password.tooLong', values: limitsOf(wanted) }];
  const complaints = [...lengthComplaints(wanted, password), ...characterComplaints(wanted, password)];
  // Whether it is common matters only for one that would do otherwise.
  const common = complaints.length === 0 && wanted.refusesCommon && isCommon(password, tenant);
  return common ? [{ id: 'password.tooCommon' }] : complaints;
}

function* lengthComplaints(wanted: PasswordDemands, password: string): Iterable<PasswordComplaint> {
  const length = [...password.normalize('NFC')].length;
  if (length < wanted.minimum) yield { id: 'password.tooShort', values: limitsOf(wanted) };
  if (length > wanted.maximum) yield { id: 'password.tooLong', values: limitsOf(wanted) };
}

function* characterComplaints(wanted: PasswordDemands, password: string): Iterable<PasswordComplaint> {
  const { classes: required, digitsOnly, trimmed } = wanted;
  if (digitsOnly && !/^[0-9]*$/.test(password)) yield { id: 'password.notOnlyDigits' };
  if (classesIn(password) < required) yield { id: 'password.tooFewClasses', values: { required } };
  if (trimmed && password.trim() !== password) yield { id: 'password.untrimmed' };
}

/** The rules in sentences, for a person who has typed nothing yet. */
export function passwordHelp(rules: PasswordRules): readonly PasswordHelp[] {
  const wanted = demandsOf(rules);
  const { minimum, maximum, classes: required, digitsOnly } = wanted;
  const open = maximum >= maximumPasswordLength ? 'password.tooShort' : 'password.length';
  return [
    { id: minimum === maximum ? 'password.exactLength' : open, values: limitsOf(wanted) },
    ...(digitsOnly ? [{ id: 'password.notOnlyDigits' } as const] : []),
    ...(required > 0 ? [{ id: 'password.tooFewClasses', values: { required } } as const] : []),
  ];
}

const classes = [/\p{Ll}/u, /\p{Lu}/u, /\p{Nd}/u, /[^\p{Ll}\p{Lu}\p{Nd}]/u];
const classesIn = (password: string): number => classes.filter((pattern) => pattern.test(password)).length;

/** What is left beside well-known parts must be worth this many characters. */
const enough = 5;

/**
 * True when little is left of a password once its well-known parts are set aside: each common word, run of one character
 * and run of neighbours (`12345`, `fedcba`) is worth one character.
 */
export function isCommon(password: string, tenant: Tenant): boolean {
  const words = [...commonPasswords, 'usher', ...wordsOf(tenant)].sort((a, b) => b.length - a.length);
  return [plain(password), fold(password)].some((text) => worth(text, words) < enough);
}

function worth(text: string, words: readonly string[]): number {
  let parts = 0;
  let rest = text;
  const seen = new Set<string>();
  while (rest !== '') {
    const word = words.find((candidate) => rest.startsWith(candidate));
    const length = word ? word.length : runLength(rest);
    const part = rest.slice(0, length);
    // Doing the same again adds nothing: `passwordpassword`, `abababab`.
    if (!seen.has(part)) parts += 1;
    seen.add(part);
    rest = rest.slice(length);
  }
  return parts;
}

/** Length of the run of equal or neighbouring characters that the text begins with; 1 when it is shorter than 3. */
function runLength(text: string): number {
  const characters = [...text];
  const step = difference(characters, 0);
  let count = 1;
  if (Math.abs(step) <= 1) while (count < characters.length && difference(characters, count - 1) === step) count += 1;
  const taken = count >= 3 ? count : 1;
  return characters.slice(0, taken).join('').length;
}

function difference(characters: readonly string[], at: number): number {
  const [here, next] = [characters[at]?.codePointAt(0), characters[at + 1]?.codePointAt(0)];
  return here === undefined || next === undefined ? Number.POSITIVE_INFINITY : next - here;
}

const lookAlikes: Readonly<Record<string, string>> = {
  '@': 'a',
  '4': 'a',
  '3': 'e',
  '1': 'i',
  '!': 'i',
  '0': 'o',
  $: 's',
  '5': 's',
};
const plain = (password: string): string =>
  fold(password).replace(/[@431!0$5]/g, (found) => lookAlikes[found] ?? found);

/** The words in the tenant's names; anything of three letters or more, without the endings all domains share. */
function wordsOf(tenant: Tenant): readonly string[] {
  const names = [...tenant.domains.map((domain) => domain.replace(/\.[^.]*$/, '')), tenant.displayName];
  return names.flatMap((name) => fold(name).split(/[^\p{L}\p{N}]+/u)).filter((word) => word.length >= 3);
}
