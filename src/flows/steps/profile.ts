import { system } from '../../kernel/index.ts';
import { attributeWords } from '../attributes/built-in.ts';
import type { CollectedAttribute } from '../attributes/collected-attribute.ts';
import { complaintWords, type FormRemarks, remarksFor } from '../attributes/complaint.ts';
import { fieldOf } from '../attributes/field.ts';
import { readingWords } from '../attributes/read.ts';
import { arrivedUser } from '../facts.ts';
import { faults } from '../faults.ts';
import { wordsOf } from '../page-words.ts';
import type { Screen } from '../screen.ts';
import type { Input, Outcome, Step, StepContext } from '../step.ts';
import { askedOf, type Entries, presentOf, readEdits, shownOf } from './profile-form.ts';

export interface ProfileSettings {
  /** At least one, in the order in which they are asked. */
  readonly attributes: readonly CollectedAttribute[];
}

const screenId = 'selfasserted.profileupdate';
const { word, info, cancel } = wordsOf(screenId);

/** Nobody whom this journey could sign in: they are told at the application. */
const gone: Outcome = { kind: 'refuse', refusal: 'accountDisabled' };

/** Throws `flows.unproved`: a profile is shown to the person whose it is, after everything that protects the flow. */
function ownerOf({ journey: { facts } }: StepContext): string {
  const userId = arrivedUser(facts);
  if (userId === undefined) throw faults.unproved({ step: 'profile' });
  return userId;
}

/** What a field holds; undefined: nothing yet, so that the administrator's default is chosen. */
const typedOf = (attribute: CollectedAttribute, entries: Entries): string | undefined =>
  entries.typed[attribute.claim] ?? (shownOf(attribute, entries) || undefined);

function show({ attributes }: ProfileSettings, entries: Entries, remarks?: Partial<FormRemarks>): Outcome {
  const fields = attributes.map((attribute) => {
    const { claim } = attribute;
    return fieldOf(askedOf(attribute, entries), typedOf(attribute, entries), remarks?.errors?.[claim] ?? []);
  });
  const screen: Screen = {
    id: screenId,
    heading: word('heading'),
    intro: word('initial_intro'),
    messages: remarks?.messages ?? [],
    fields,
    actions: [{ name: 'continue', label: word('button_continue'), style: 'primary' }, cancel],
  };
  return { kind: 'show', memo: entries, screen };
}

/** Throws `identity.busy`; nothing of the journey is lost then. */
async function save(context: StepContext, settings: ProfileSettings, { values }: Input): Promise<Outcome> {
  const userId = ownerOf(context);
  const shown = context.journey.memo as Entries;
  // A field that was not sent stays as it was shown: nothing is wiped out by leaving it away.
  const sent = settings.attributes.map((one) => [one.claim, values[one.claim] ?? typedOf(one, shown) ?? ''] as const);
  const entries: Entries = { ...shown, typed: Object.fromEntries(sent) };
  const { edits, complaints } = readEdits(settings.attributes, entries);
  if (complaints.length > 0) return show(settings, entries, remarksFor(screenId, complaints));
  const came = await context.identity.changeProfile(system('profile edit'), userId, edits);
  switch (came.kind) {
    case 'changed':
      return { kind: 'next' };
    case 'gone':
      return gone;
    case 'overtaken': {
      const messages = [info('profile_changed_meanwhile')];
      return show(settings, { ...entries, before: presentOf(settings.attributes, came.user) }, { messages });
    }
    default:
      return came satisfies never;
  }
}

/** The page where people see and change what they said about themselves (b2c contract d.3, profile edit). */
export const profile: Step<ProfileSettings> = {
  kind: 'profile',
  words: [
    ...attributeWords,
    ...['attribute.yes', 'attribute.no'],
    ...readingWords,
    ...complaintWords(screenId),
    ...['heading', 'initial_intro', 'button_continue', 'button_cancel', 'profile_changed_meanwhile'].map(
      (name) => `${screenId}.${name}`,
    ),
  ],
  explain: ({ attributes }) =>
    `Shows ${attributes.map(({ claim }) => claim).join(', ')} as they are and writes what the person changes`,
  async enter(context, settings) {
    const user = await context.identity.find(ownerOf(context));
    if (!user?.accountEnabled) return gone;
    return show(settings, { before: presentOf(settings.attributes, user), typed: {} });
  },
  async submit(context, settings, input) {
    if (input.action === 'cancel') return { kind: 'refuse', refusal: 'cancelled' };
    return save(context, settings, input);
  },
};
