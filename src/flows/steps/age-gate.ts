import { undisturbed } from '../../identity/index.ts';
import { yearsSince } from '../age/age-rules.ts';
import { countriesIn } from '../age/countries.ts';
import { classificationOf, keepAge, type PersonAge, personAge } from '../age/person-age.ts';
import type { CollectedAttribute } from '../attributes/collected-attribute.ts';
import { type Complaint, complaintWords, remarksFor } from '../attributes/complaint.ts';
import { fieldOf } from '../attributes/field.ts';
import { readAttributes } from '../attributes/form.ts';
import { readingWords } from '../attributes/read.ts';
import type { StatedAge } from '../facts.ts';
import { wordsOf } from '../page-words.ts';
import type { Screen } from '../screen.ts';
import type { Input, Outcome, Step, StepContext } from '../step.ts';

export interface AgeGateSettings {
  readonly rule: 'allowMinors' | 'blockMinorsBelowAgeOfConsent' | 'blockAllMinors';
  readonly whenBlocked: 'showErrorPage' | 'tellApplication';
}

const screenId = 'selfasserted';
const { word, cancel } = wordsOf(screenId);

/** What is kept between the screens: nothing can be answered once the gate is shut. */
interface Memo {
  readonly isShut: true;
}

/** Nobody is older. */
const mostYears = 130;

/** HTML autofill detail tokens: the choices are codes, unlike the country of an address that is typed. */
const autocompletes = { dateOfBirth: 'bday', country: 'country' } as const;

type Question = CollectedAttribute & { readonly id: 'dateOfBirth' | 'country' };

const question = (id: Question['id'], rest: Partial<Omit<CollectedAttribute, 'id'>>): Question => ({
  id,
  claim: id,
  label: { id: `attribute.${id}` },
  required: true,
  inputType: 'dateTimeDropdown',
  dataType: 'string',
  maxLength: 128,
  choices: [],
  ...rest,
});

/** Only what is not known is asked. */
function questionsFor({ dateOfBirth, country }: PersonAge, locales: readonly string[]): readonly Question[] {
  const choices = () =>
    countriesIn(locales).map(({ code, name }) => ({ value: code, label: { literal: name }, isDefault: false }));
  return [
    ...(dateOfBirth === undefined ? [question('dateOfBirth', {})] : []),
    ...(country === undefined ? [question('country', { inputType: 'dropdownSingleSelect', choices: choices() })] : []),
  ];
}

function ask(
  questions: readonly Question[],
  values: Input['values'] = {},
  complaints: readonly Complaint[] = [],
): Outcome {
  const { messages, errors } = remarksFor(screenId, complaints);
  const fields = questions.map((one) => ({
    ...fieldOf(one, values[one.claim], errors[one.claim] ?? []),
    autocomplete: autocompletes[one.id],
  }));
  const screen: Screen = {
    id: screenId,
    heading: word('ageGating_heading'),
    intro: word('ageGating_intro'),
    messages,
    fields,
    actions: [{ name: 'continue', label: word('button_continue'), style: 'primary' }, cancel],
  };
  return { kind: 'show', screen };
}

/** The application is told when the person goes back to it, or at once. */
function shut({ whenBlocked }: AgeGateSettings): Outcome {
  if (whenBlocked === 'tellApplication') return { kind: 'refuse', refusal: 'minor' };
  const memo: Memo = { isShut: true };
  const screen: Screen = {
    id: screenId,
    heading: word('ageGating_blocked_heading'),
    messages: [{ tone: 'error', text: word('ageGating_blocked') }],
    fields: [],
    actions: [{ ...cancel, label: word('ageGating_blocked_button') }],
  };
  return { kind: 'show', memo, screen };
}

/** Who may come in, by what the law makes of them (`legalAgeGroupClassification`). */
const admits: Readonly<Record<AgeGateSettings['rule'], (classification: string) => boolean>> = {
  allowMinors: () => true,
  blockMinorsBelowAgeOfConsent: (classification) => classification !== 'minorWithOutParentalConsent',
  blockAllMinors: (classification) => classification === 'adult',
};

const keptOut: Readonly<Partial<Record<AgeGateSettings['rule'], string>>> = {
  blockMinorsBelowAgeOfConsent: 'minors without the consent that the law asks of parents',
  blockAllMinors: 'everybody below full age',
};

function ruleInWords(rule: AgeGateSettings['rule'], whenBlocked: AgeGateSettings['whenBlocked']): string {
  const people = keptOut[rule];
  if (people === undefined) return 'lets people of any age in';
  return `keeps out ${people}, ${whenBlocked === 'tellApplication' ? 'which the application is told' : 'with a page that says so'}`;
}

/** What is on record counts before what was typed, also what has got there meanwhile. Throws `store.stale`. */
async function decide(
  context: StepContext,
  settings: AgeGateSettings,
  typed: Partial<StatedAge> = {},
): Promise<Outcome> {
  const person: PersonAge = { ...typed, ...(await personAge(context)) };
  const classification = classificationOf(context, person);
  if (classification === undefined) return ask(questionsFor(person, context.journey.locales));
  const { account, dateOfBirth, country } = person;
  const stated = dateOfBirth !== undefined && country !== undefined ? { dateOfBirth, country } : undefined;
  // Also of somebody who is kept out: another date at the next try would otherwise open the gate.
  if (account && stated) await keepAge(context, account, stated);
  const { rule } = settings;
  const isOpen = admits[rule](classification);
  context.note({ what: 'ageGating', came: isOpen ? 'admitted' : 'blocked', because: { rule } });
  if (!isOpen) return shut(settings);
  return { kind: 'next', ...(stated && !account ? { learned: { age: stated } } : {}) };
}

/** What was answered, by claim, or what is wrong with it; a date must be one on which somebody who lives may have been born. */
function readAnswers({ clock }: StepContext, questions: readonly Question[], typed: Input['values']) {
  const { values, complaints } = readAttributes(questions, typed);
  const now = clock.now();
  const isPossible = (day: string): boolean =>
    day <= new Date(now * 1000).toISOString().slice(0, 10) && yearsSince(day, now) <= mostYears;
  const impossible = questions.flatMap(({ id, claim: field, label }): readonly Complaint[] =>
    id !== 'dateOfBirth' || values[id] === undefined || isPossible(String(values[id]))
      ? []
      : [{ field, summary: 'error_fieldIncorrect', texts: [{ id: 'field.notADate', values: { field: label } }] }],
  );
  const answers = Object.fromEntries(Object.entries(values).map(([id, value]) => [id, String(value)]));
  return { answers, complaints: [...complaints, ...impossible] };
}

/**
 * Age gating: asks for date of birth and country when they are not known, keeps them, and keeps out whom the rule of the flow keeps
 * out, at every sign-in (b2c contract d.3, step 5). No account is made for a person who is kept out.
 */
export const ageGate: Step<AgeGateSettings> = {
  kind: 'ageGate',
  words: [
    'attribute.dateOfBirth',
    'attribute.country',
    ...readingWords,
    ...complaintWords(screenId),
    ...[
      'ageGating_heading',
      'ageGating_intro',
      'ageGating_blocked_heading',
      'ageGating_blocked',
      'ageGating_blocked_button',
      'button_continue',
      'button_cancel',
    ].map((name) => `${screenId}.${name}`),
  ],
  explain: ({ rule, whenBlocked }) =>
    `Asks for date of birth and country when they are not known, and ${ruleInWords(rule, whenBlocked)}`,
  enter: (context, settings) => undisturbed(() => decide(context, settings)),
  async submit(context, settings, { action, values }) {
    if ((context.journey.memo as Memo | undefined)?.isShut) return { kind: 'refuse', refusal: 'minor' };
    if (action === 'cancel') return { kind: 'refuse', refusal: 'cancelled' };
    const questions = questionsFor(await personAge(context), context.journey.locales);
    const { answers, complaints } = readAnswers(context, questions, values);
    if (complaints.length > 0) return ask(questions, values, complaints);
    return undisturbed(() => decide(context, settings, answers));
  },
};
