import { fold } from '../../model/index.ts';
import type { Action, Field, Message, Screen, Text } from '../screen.ts';
import type { ClaimTexts, PageTexts } from './page-texts.ts';
import { saidByPages } from './said-by-pages.ts';

/** A screen in the words of its flow. */
export interface Localized {
  readonly screen: Screen;
  /** Texts in place of the server's own, by message id; what an administrator wrote, so no markup. */
  readonly words: Readonly<Record<string, string>>;
}

/** Ids that B2C has for the name a person signs in with, depending on flow and layout. */
const signInNames = ['signInName', 'email', 'UserId', 'logonIdentifier'].map(fold);
const signInPages: readonly string[] = ['signuporsignin', 'localaccountsignin'];

/** What is wrong with a value, other than that it is missing or unlike another. */
const misfit = /^(field\.(?!required$|passwordsDiffer$)|password\.)/;

function claimTextsOf({ name }: Field, { id }: Screen, { claims }: PageTexts): ClaimTexts | undefined {
  const own = claims.get(fold(name));
  if (own || !signInPages.includes(id) || !signInNames.includes(fold(name))) return own;
  const other = signInNames.find((one) => claims.has(one));
  return other === undefined ? undefined : claims.get(other);
}

/** The messages that an id on the page is for. Ids that every form shares are whole. */
const idsOf = ({ id }: Screen, name: string): readonly string[] =>
  name.includes('.') ? [name] : [`${id}.${name}`, ...(saidByPages.get(name) ?? [])];

const isMisfit = (text: Text): boolean => 'id' in text && misfit.test(text.id);

function spellField(field: Field, texts: ClaimTexts | undefined): Field {
  if (!texts) return field;
  const { label, help, pattern } = texts;
  const errors = field.errors ?? [];
  const misfits = pattern === undefined ? [] : errors.filter(isMisfit);
  return {
    ...field,
    ...(label === undefined ? {} : { label: { literal: label } }),
    ...(help === undefined ? {} : { help: [{ literal: help }, ...(field.help ?? [])] }),
    ...(pattern === undefined || misfits.length === 0
      ? {}
      : { errors: [...errors.filter((error) => !isMisfit(error)), { literal: pattern }] }),
  };
}

/** Messages name fields by their labels: where a label has changed, it has changed there too. */
function renamer(before: readonly Field[], after: readonly Field[]): (text: Text) => Text {
  const labels = new Map(
    before.flatMap(({ label }, index) => {
      const now = after[index]?.label;
      return now && now !== label ? [[JSON.stringify(label), now] as const] : [];
    }),
  );
  const rename = (text: Text): Text => {
    if ('literal' in text || !text.values) return text;
    const values = Object.entries(text.values).map(([name, value]) => [
      name,
      typeof value === 'object' && !('amount' in value) ? (labels.get(JSON.stringify(value)) ?? rename(value)) : value,
    ]);
    return { ...text, values: Object.fromEntries(values) };
  };
  return labels.size === 0 ? (text) => text : rename;
}

/**
 * Puts an administrator's texts into a screen. What is said of claims stands in the screen itself; of everything else the words come
 * along by message id, since pages say some of them on their own. Steps know nothing of it.
 */
export function localize(screen: Screen, texts: PageTexts): Localized {
  if (texts.strings.size === 0 && texts.claims.size === 0) return { screen, words: {} };
  const fields = screen.fields.map((field) => spellField(field, claimTextsOf(field, screen, texts)));
  const rename = renamer(screen.fields, fields);
  const message = (one: Message): Message => ({ ...one, text: rename(one.text) });
  const action = (one: Action): Action => {
    const label = texts.strings.get(one.name);
    return label !== undefined && one.name.endsWith('Exchange') ? { ...one, label: { literal: label } } : one;
  };
  const { verification } = screen;
  return {
    screen: {
      ...screen,
      messages: screen.messages.map(message),
      fields: fields.map((field) => (field.errors ? { ...field, errors: field.errors.map(rename) } : field)),
      ...(verification ? { verification: { ...verification, messages: verification.messages.map(message) } } : {}),
      actions: screen.actions.map(action),
    },
    words: Object.fromEntries(
      [...texts.strings].flatMap(([name, value]) => idsOf(screen, name).map((id) => [id, value])),
    ),
  };
}
