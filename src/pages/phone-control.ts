import type { Field } from '../flows/index.ts';
import { attributes, type Html, html } from '../http/index.ts';
import { phonePart } from './answer.ts';
import { countriesIn, splitPhone } from './phone.ts';
import type { Voice } from './words.ts';

/** Element id of the choice of a country (b2c contract e.1). */
const countryId = 'countryCode';

/** Country and number side by side; one value comes of them. `said` tells assistive technology what is wrong. */
export function renderPhone(
  { name, value = '', required, readOnly = false }: Field,
  voice: Voice,
  { focus, said }: { readonly focus: string | undefined; readonly said: Readonly<Record<string, string | undefined>> },
): Html {
  const parts = splitPhone(value, voice.tag);
  const countries = countriesIn(voice.tag);
  const country = attributes({
    id: countryId,
    name: phonePart(name, 'country'),
    autocomplete: 'country',
    'aria-label': voice.say('page.country'),
    'aria-invalid': said['aria-invalid'],
  });
  const number = attributes({
    id: name,
    name: phonePart(name, 'number'),
    type: 'tel',
    class: 'textInput',
    value: parts.number,
    autocomplete: 'tel-national',
    maxlength: 32,
    required,
    readonly: readOnly,
    autofocus: focus === name,
    ...said,
  });
  const offered = readOnly ? countries.filter(({ code }) => code === parts.country) : countries;
  const options = offered.map(
    ({ code, label }) =>
      html`<option${attributes({ value: code, selected: code === parts.country })}>${label}</option>`,
  );
  return html`<div class="phoneEntry"><select${country}>${options}</select><input${number}></div>`;
}
