import { isIPv4, isIPv6 } from 'node:net';
import { type EntityOf, type entities, fold } from '../../model/index.ts';
import { faults } from '../faults.ts';
import { isLanguageTag } from '../localization/built-in-languages.ts';

type Settings = EntityOf<typeof entities.b2cIdentityUserFlow>['settings'];

/** One for each kind in each language a flow can have. */
const maximumEmailTexts = 400;
const maximumRules = 50;
const maximumNetworks = 200;
const maximumApplications = 200;

/** What a letter is filled with. */
const subjectPlaceholders = ['tenant', 'app', 'email', 'minutes'];
const bodyPlaceholders = [...subjectPlaceholders, 'code'];

const wrong = (path: string, reason: string) =>
  faults.badSetting({ setting: path.split('/').at(-1), reason, target: `settings/${path}` });

/** What the product's own settings must be together. Throws `flows.badSetting`. */
export function checkSettings({ settings }: EntityOf<typeof entities.b2cIdentityUserFlow>): void {
  checkEmailTexts(settings.emailTexts);
  checkAccessRules(settings.conditionalAccess.rules);
  const { isPasswordOptional, isEnrolmentOffered, isSignInAllowed } = settings.passkeys;
  if (isPasswordOptional && !(isEnrolmentOffered && isSignInAllowed)) {
    throw wrong('passkeys/isPasswordOptional', 'it needs isEnrolmentOffered and isSignInAllowed');
  }
}

function checkEmailTexts(texts: Settings['emailTexts']): void {
  if (texts.length > maximumEmailTexts) throw wrong('emailTexts', `there can be at most ${maximumEmailTexts}`);
  const seen = new Set<string>();
  for (const [index, { kind, languageTag, subject, body }] of texts.entries()) {
    const place = `emailTexts/${index}`;
    if (languageTag !== null && !isLanguageTag(languageTag)) {
      throw wrong(`${place}/languageTag`, 'it is not a language tag (RFC 5646)');
    }
    const key = `${kind} ${fold(languageTag ?? '')}`;
    if (seen.has(key)) throw wrong(`${place}/kind`, 'there is another text of this kind and language');
    seen.add(key);
    checkPlaceholders(`${place}/subject`, subject ?? '', subjectPlaceholders);
    if (body !== null) checkBody(`${place}/body`, body);
  }
}

function checkBody(place: string, body: string): void {
  if (!body.includes('{code}')) throw wrong(place, "it must hold '{code}'");
  checkPlaceholders(place, body, bodyPlaceholders);
}

function checkPlaceholders(place: string, text: string, known: readonly string[]): void {
  for (const [placeholder, name = ''] of text.matchAll(/\{(\w{1,64})\}/g)) {
    if (!known.includes(name)) {
      throw wrong(
        place,
        `it holds '${placeholder}'; what is filled in is ${known.map((one) => `{${one}}`).join(', ')}`,
      );
    }
  }
}

function checkAccessRules(rules: Settings['conditionalAccess']['rules']): void {
  const place = 'conditionalAccess/rules';
  if (rules.length > maximumRules) throw wrong(place, `there can be at most ${maximumRules}`);
  for (const [index, { includeApplications, includeNetworks, excludeNetworks }] of rules.entries()) {
    if (includeApplications.length > maximumApplications) {
      throw wrong(`${place}/${index}/includeApplications`, `there can be at most ${maximumApplications}`);
    }
    for (const [name, networks] of Object.entries({ includeNetworks, excludeNetworks })) {
      if (networks.length > maximumNetworks) {
        throw wrong(`${place}/${index}/${name}`, `there can be at most ${maximumNetworks}`);
      }
      if (!networks.every(isNetwork))
        throw wrong(`${place}/${index}/${name}`, 'each must be an address or a CIDR block');
    }
  }
}

/** `203.0.113.0/24`, `2001:db8::/32`, or one address. */
function isNetwork(text: string): boolean {
  const [address = '', length, ...rest] = text.split('/');
  const bits = isIPv4(address) ? 32 : isIPv6(address) ? 128 : -1;
  if (bits < 0 || rest.length > 0) return false;
  return length === undefined || (/^\d{1,3}$/.test(length) && Number(length) <= bits);
}
