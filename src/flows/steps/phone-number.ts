import { createRequire } from 'node:module';
import type { NumberType } from 'libphonenumber-js/max';
import type { Text } from '../screen.ts';

type Phones = typeof import('libphonenumber-js/max');

let loaded: Phones | undefined;

/** Loaded with the first number: the plans of all countries take some 20 MB. */
function phones(): Phones {
  loaded ??= createRequire(import.meta.url)('libphonenumber-js/max') as Phones;
  return loaded;
}

/** Kinds of lines a text message can reach at an ordinary price; at premium and shared-cost numbers somebody else earns by each one. */
const reachable: readonly NumberType[] = ['MOBILE', 'FIXED_LINE', 'FIXED_LINE_OR_MOBILE'];

/** E.164, of what was typed with the code of its country; `undefined` when no such line can be written to. */
export function phoneNumberOf(typed: string): string | undefined {
  const number = phones().parsePhoneNumberFromString(typed, { extract: false });
  return number && number.ext === undefined && reachable.includes(number.getType()) ? number.number : undefined;
}

/** Digits and the marks people write between them; with or without the code of a country. */
export const looksLikePhone = (typed: string): boolean =>
  /^\+?[\d\s()./-]+$/.test(typed) && typed.replace(/\D/g, '').length >= 6;

/** What a person agrees to by giving a number; administrators may say it in their own words (b2c contract e.3). */
export const consentWord = 'disclaimer_msg_intro';

export const consentOn = (page: string): readonly Text[] => [{ id: `${page}.${consentWord}` }];
