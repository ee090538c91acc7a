import type { Field } from '../flows/index.ts';
import { attributes, type Html, html } from '../http/index.ts';
import { phonePart } from './answer.ts';
import { countriesIn, printPhone, splitPhone } from './phone.ts';
import type { Voice } from './words.ts';

/** Element id of the choice of a country (b2c contract e.1). */
const countryId = 'countryCode';

interface PhoneContext {
  readonly focus: string | undefined;
  /** Tells assistive technology what is wrong. */
  readonly said: Readonly<Record<string, string | undefined>>;
}

/** The element for the digits. Groups of them would change places in a line from right to left. */
const numberInput = (name: string) =>
  ({ id: name, name: phonePart(name, 'number'), type: 'tel', class: 'textInput', dir: 'ltr' }) as const;

/** A number that stays as it is, in one field, written as people abroad write it. */
function renderFixed({ name, value = '' }: Field, { said }: PhoneContext): Html {
  const number = attributes({ ...numberInput(name), value: printPhone(value), readonly: true, ...said });
  return html`<div class="control"><input${number}></div>`;
}

/** A country to choose and its number; one value comes of them. */
export function renderPhone(field: Field, voice: Voice, context: PhoneContext): Html {
  if (field.readOnly) return renderFixed(field, context);
  const { name, value = '', required } = field;
  const { focus, said } = context;
  const parts = splitPhone(value, voice.tag);
  const country = attributes({
    id: countryId,
    name: phonePart(name, 'country'),
    autocomplete: 'country',
    'aria-label': voice.say('page.country'),
    'aria-invalid': said['aria-invalid'],
  });
  const number = attributes({
    ...numberInput(name),
    value: parts.number,
    autocomplete: field.autocomplete ?? 'tel-national',
    maxlength: 32,
    required,
    autofocus: focus === name,
    ...said,
  });
  const options = countriesIn(voice.tag).map(
    ({ code, label }) =>
      html`<option${attributes({ value: code, selected: code === parts.country })}>${label}</option>`,
  );
  return html`<div class="phoneEntry"><select${country}>${options}</select><input${number}></div>`;
}
