import { fold } from '../../model/index.ts';
import type { LanguageDocument, LocalizedCollection, LocalizedString } from './language-document.ts';

/** What is said of one claim in place of the server's words. */
export interface ClaimTexts {
  readonly label?: string;
  readonly help?: string;
  /** What is wrong with a value that does not fit. */
  readonly pattern?: string;
}

/** The texts that an administrator put in place of the server's own on one page. */
export interface PageTexts {
  /** By the id on the page, e.g. `button_continue`. */
  readonly strings: ReadonlyMap<string, string>;
  /** By claim id, folded. */
  readonly claims: ReadonlyMap<string, ClaimTexts>;
  /** What can be chosen for a claim, by claim id, folded; in the order of the choices. */
  readonly choices: ReadonlyMap<string, LocalizedCollection['Items']>;
}

export const noTexts: PageTexts = { strings: new Map(), claims: new Map(), choices: new Map() };

const claimTexts: Readonly<Record<string, keyof ClaimTexts>> = {
  DisplayName: 'label',
  UserHelpText: 'help',
  PatternHelpText: 'pattern',
};

/** Ids of a display control, with those that older pages have for the same (b2c contract e.4). */
const controlIds: Readonly<Record<string, string>> = {
  intro_msg: 'ver_intro_msg',
  success_send_code_msg: 'ver_info_msg',
  failure_send_code_msg: 'ver_fail_server',
  success_verify_code_msg: 'ver_success_msg',
  but_send_code: 'ver_but_send',
  but_verify_code: 'ver_but_verify',
  but_send_new_code: 'ver_but_resend',
  but_change_claims: 'ver_but_edit',
};

/** Ids of which a page has one of the others where files written for other versions of it have the first. */
const otherNames: Readonly<Record<string, readonly string[]>> = {
  // What a display control reports, and the service of the second factor.
  UserMessageIfInternalError: ['ver_fail_server'],
  UserMessageIfThrottled: ['ver_fail_throttled', 'error_throttled'],
  UserMessageIfChallengeExpired: ['ver_fail_code_expired'],
  UserMessageIfVerificationFailedNoRetry: ['ver_fail_no_retry'],
  UserMessageIfVerificationFailedRetryAllowed: ['ver_fail_retry'],
  UserMessageIfWrongCodeEntered: ['error_incorrect_code'],
  UserMessageIfMaxAllowedCodeRetryReached: ['error_throttled'],
  UserMessageIfCouldntSendSms: ['error_tryagain'],
  UserMessageIfInvalidFormat: ['invalid_number'],
  // Where people could be called too.
  intro_mixed: ['intro_sms'],
  intro_mixed_p: ['intro_sms_p'],
  intro_entry_mixed: ['intro_entry_sms'],
  // Layouts 1.x.
  local_intro_email: ['local_intro_generic'],
  local_intro_username: ['local_intro_generic'],
  requiredField_email: ['requiredField_generic'],
  requiredField_username: ['requiredField_generic'],
  invalid_email: ['invalid_generic'],
  createaccount_link: ['createaccount_one_link'],
  // What every form says.
  required_field: ['field.required'],
};

/** Help texts of predicates, with the message that says the same (b2c contract e.5). */
const lengths = ['password.length', 'password.tooShort', 'password.tooLong'] as const;
const predicates: Readonly<Record<string, readonly string[]>> = {
  LengthRange: lengths,
  IsLengthBetween8And64: lengths,
  ExactLength: ['password.exactLength'],
  PIN: ['password.notOnlyDigits'],
  DisallowedWhitespace: ['password.untrimmed'],
  AllowedAADCharacters: ['field.notAllowedCharacters'],
};

/** What administrators write may be the name of a member that every object has. */
const entryOf = <T>(table: Readonly<Record<string, T>>, name: string | null): T | undefined =>
  name !== null && Object.hasOwn(table, name) ? table[name] : undefined;

/** The ids on the page that a string is for, the one it names first. */
function namesOf({ ElementType, ElementId, StringId }: LocalizedString): readonly string[] {
  if (ElementType === 'Predicate') return (StringId === 'HelpText' && entryOf(predicates, ElementId)) || [];
  if (ElementType === 'InputValidation') return ElementId === 'CharacterClasses' ? ['password.tooFewClasses'] : [];
  if (ElementType !== 'DisplayControl') return [StringId, ...(entryOf(otherNames, StringId) ?? [])];
  // Verifications share their ids with older pages; other controls have ids of their own, such as `totpQrCodeControl_title`.
  return [StringId, entryOf(controlIds, StringId) ?? `${ElementId}_${StringId.replace(/_text$/, '')}`];
}

/** Reads a document that was checked when it was stored. Only what says `Override` counts (Graph contract a.4). */
export function pageTextsOf(content: string): PageTexts {
  const { LocalizedStrings, LocalizedCollections } = JSON.parse(content) as LanguageDocument;
  const applied = (LocalizedStrings ?? []).filter(({ Override }) => Override);
  const ofClaims = applied.filter(({ ElementType }) => ElementType === 'ClaimType');
  const others = applied.filter(({ ElementType }) => ElementType !== 'ClaimType');
  const claims = new Map<string, ClaimTexts>();
  for (const { ElementId, StringId, Value } of ofClaims) {
    const part = entryOf(claimTexts, StringId);
    const claim = fold(ElementId ?? '');
    if (part !== undefined) claims.set(claim, { ...claims.get(claim), [part]: Value });
  }
  const named = others.map((string) => ({ names: namesOf(string), value: string.Value }));
  return {
    claims,
    // A string under its own name counts more than one under another.
    strings: new Map([
      ...named.flatMap(({ names, value }) => names.slice(1).map((name) => [name, value] as const)),
      ...named.flatMap(({ names, value }) => names.slice(0, 1).map((name) => [name, value] as const)),
    ]),
    choices: new Map(
      (LocalizedCollections ?? [])
        .filter(isChoice)
        .map(({ ElementId, Items }) => [fold(ElementId ?? ''), Items] as const),
    ),
  };
}

const isChoice = ({ ElementType, TargetCollection, Override, Items }: LocalizedCollection): boolean =>
  Override && ElementType === 'ClaimType' && TargetCollection === 'Restriction' && Items.length > 0;

/** Both, where they say the same thing the second. */
export const mergeTexts = (first: PageTexts, second: PageTexts): PageTexts => ({
  strings: new Map([...first.strings, ...second.strings]),
  claims: new Map(
    [...first.claims, ...second.claims].map(([claim, texts]) => [claim, { ...first.claims.get(claim), ...texts }]),
  ),
  choices: new Map([...first.choices, ...second.choices]),
});
