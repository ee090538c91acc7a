import { createRequire } from 'node:module';
import type { CountryCode } from 'libphonenumber-js';
import { createLru } from '../kernel/index.ts';

type Phones = typeof import('libphonenumber-js');

let loaded: Phones | undefined;

/** Loaded with the first page that asks for a number: the plans of all countries take some 20 MB. */
function phones(): Phones {
  loaded ??= createRequire(import.meta.url)('libphonenumber-js') as Phones;
  return loaded;
}

/** What the two controls of a phone field hold. */
export interface PhoneParts {
  readonly country: string;
  readonly number: string;
}

export interface Country {
  /** ISO 3166-1. */
  readonly code: string;
  /** `Germany (+49)` in the language of the page. */
  readonly label: string;
}

/** Languages whose list of countries is kept. */
const languagesKept = 40;
const lists = createLru<readonly Country[]>(languagesKept);

/** Every country that has phone numbers, by name, in the order of the language (BCP 47 tag). */
export function countriesIn(tag: string): readonly Country[] {
  const known = lists.get(tag);
  if (known) return known;
  const names = new Intl.DisplayNames(tag, { type: 'region' });
  const order = new Intl.Collator(tag);
  const list = phones()
    .getCountries()
    .map((code) => ({
      code,
      label: `${names.of(code) ?? code} (\u2066+${phones().getCountryCallingCode(code)}\u2069)`,
    }))
    .sort((one, other) => order.compare(one.label, other.label));
  lists.set(tag, list);
  return list;
}

/** Where a language is spoken by most, for a person of whom nothing else is known: `de-AT` → `AT`, `de` → `DE`. */
function homeOf(tag: string): string {
  const { region = '' } = new Intl.Locale(tag).maximize();
  return phones().isSupportedCountry(region) ? region : 'US';
}

/** Of the countries that share a code, the ones that have it first (ITU-T E.164) and do not come first by name. */
const firstOfTheirCode: readonly CountryCode[] = ['US', 'RU', 'MA', 'FI', 'GP', 'RE', 'CW'];

/** The country that an element of the form names: by its code, or by the calling code that B2C's pages send (`+49`). */
function countryOf(sent: string): CountryCode | undefined {
  if (phones().isSupportedCountry(sent)) return sent;
  return [...firstOfTheirCode, ...phones().getCountries()].find(
    (code) => sent === `+${phones().getCountryCallingCode(code)}`,
  );
}

/** One value of what was entered: E.164 where it can be read, else as it was typed behind the code of the country. */
export function joinPhone({ country, number }: PhoneParts): string {
  const typed = number.trim();
  if (typed === '') return '';
  const code = countryOf(country);
  const found = phones().parsePhoneNumberFromString(typed, {
    ...(code ? { defaultCountry: code } : {}),
    extract: false,
  });
  if (found?.isPossible()) return found.number;
  return typed.startsWith('+') || code === undefined ? typed : `+${phones().getCountryCallingCode(code)} ${typed}`;
}

/** A value back in its two controls; what cannot be read stays as it was typed. */
export function splitPhone(value: string, tag: string): PhoneParts {
  const found = phones().parsePhoneNumberFromString(value, { extract: false });
  if (found?.country && found.isPossible()) return { country: found.country, number: found.formatNational() };
  const { calling, rest } = /^\+(?<calling>\d{1,3}) (?<rest>.*)$/.exec(value)?.groups ?? {};
  const country = calling === undefined ? undefined : countryOf(`+${calling}`);
  return country === undefined || rest === undefined
    ? { country: homeOf(tag), number: value }
    : { country, number: rest };
}

/** `+442079460958` → `+44 20 7946 0958`; what cannot be read stays as it was typed. */
export const printPhone = (value: string): string =>
  phones().parsePhoneNumberFromString(value, { extract: false })?.formatInternational() ?? value;
