import { yearsSince } from '../age/age-rules.ts';
import { countriesIn } from '../age/countries.ts';
import { classificationOf, keepAge, type PersonAge, personAge } from '../age/person-age.ts';
import type { CollectedAttribute } from '../attributes/collected-attribute.ts';
import { fieldOf } from '../attributes/field.ts';
import { type Reading, readAttribute, readingWords } from '../attributes/read.ts';
import type { Action, Message, Screen, Text } from '../screen.ts';
import type { Input, Outcome, Step, StepContext } from '../step.ts';

export interface AgeGateSettings {
  readonly rule: 'allowMinors' | 'blockMinorsBelowAgeOfConsent' | 'blockAllMinors';
  readonly whenBlocked: 'showErrorPage' | 'tellApplication';
}

const screenId = 'selfasserted';
const word = (name: string): Text => ({ id: `${screenId}.${name}` });

/** What is kept between the screens: nothing can be answered once the gate is shut. */
interface Memo {
  readonly isShut: true;
}

/** Nobody is older. */
const mostYears = 130;

/** HTML autofill detail tokens: the choices are codes, unlike the country of an address that is typed. */
const autocompletes = { dateOfBirth: 'bday', country: 'country' } as const;

const cancel: Action = { name: 'cancel', label: word('button_cancel'), style: 'secondary' };

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
  readings: ReadonlyMap<string, Reading> = new Map(),
): Outcome {
  const errorsOf = (id: string): readonly Text[] => {
    const reading = readings.get(id);
    return reading && reading.kind !== 'read' ? [reading.error] : [];
  };
  const fields = questions.map((one) => ({
    ...fieldOf(one, values[one.claim], errorsOf(one.id)),
    autocomplete: autocompletes[one.id],
  }));
  const wrong: Message = { tone: 'error', text: word('error_fieldIncorrect') };
  const screen: Screen = {
    id: screenId,
    heading: word('ageGating_heading'),
    intro: word('ageGating_intro'),
    messages: readings.size > 0 ? [wrong] : [],
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

async function decide(context: StepContext, settings: AgeGateSettings, person: PersonAge): Promise<Outcome> {
  const classification = classificationOf(context, person);
  if (classification === undefined) return ask(questionsFor(person, context.journey.locales));
  const { user, dateOfBirth, country } = person;
  const stated = dateOfBirth !== undefined && country !== undefined ? { dateOfBirth, country } : undefined;
  // Also of somebody who is kept out: another date at the next try would otherwise open the gate.
  if (user && stated) await keepAge(context, user, stated);
  const { rule } = settings;
  const isOpen = admits[rule](classification);
  context.note({ what: 'ageGating', came: isOpen ? 'admitted' : 'blocked', because: { rule } });
  if (!isOpen) return shut(settings);
  return { kind: 'next', ...(stated && !user ? { learned: { age: stated } } : {}) };
}

/** A day in the calendar on which somebody who lives may have been born. */
function readDay(one: CollectedAttribute, typed: string, now: number): Reading {
  const reading = readAttribute(one, typed);
  if (reading.kind !== 'read') return reading;
  const years = yearsSince(String(reading.value), now);
  const isPast = String(reading.value) <= new Date(now * 1000).toISOString().slice(0, 10);
  return isPast && years <= mostYears
    ? reading
    : { kind: 'incorrect', error: { id: 'field.notADate', values: { field: one.label } } };
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
    ...[
      'ageGating_heading',
      'ageGating_intro',
      'ageGating_blocked_heading',
      'ageGating_blocked',
      'ageGating_blocked_button',
      'error_fieldIncorrect',
      'button_continue',
      'button_cancel',
    ].map((name) => `${screenId}.${name}`),
  ],
  explain: ({ rule, whenBlocked }) =>
    `Asks for date of birth and country when they are not known, and ${ruleInWords(rule, whenBlocked)}`,
  enter: async (context, settings) => decide(context, settings, await personAge(context)),
  async submit(context, settings, { action, values }) {
    if ((context.journey.memo as Memo | undefined)?.isShut) return { kind: 'refuse', refusal: 'minor' };
    if (action === 'cancel') return { kind: 'refuse', refusal: 'cancelled' };
    const person = await personAge(context);
    const questions = questionsFor(person, context.journey.locales);
    const now = context.clock.now();
    const readings = new Map(
      questions.map((one) => {
        const typed = values[one.claim] ?? '';
        return [one.id, one.id === 'dateOfBirth' ? readDay(one, typed, now) : readAttribute(one, typed)] as const;
      }),
    );
    if ([...readings.values()].some(({ kind }) => kind !== 'read')) return ask(questions, values, readings);
    const answers = [...readings].flatMap(([id, reading]) =>
      reading.kind === 'read' ? [[id, String(reading.value)]] : [],
    );
    return decide(context, settings, { ...person, ...Object.fromEntries(answers) });
  },
};
