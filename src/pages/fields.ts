import type { Field, Text } from '../flows/index.ts';
import { attributes, type Html, html } from '../http/index.ts';
import { checkboxName, datePart } from './answer.ts';
import { icons } from './icons.ts';
import { renderPhone } from './phone-control.ts';
import type { Voice } from './words.ts';

export interface Presentation {
  /** The element that shall have the focus when the page opens, by id. */
  readonly focus: string | undefined;
  /** Id of the element that says what is wrong, where the b2c contract names one. */
  readonly errorId?: string;
}

interface Control extends Presentation {
  readonly field: Field;
  readonly voice: Voice;
}

const errorIdOf = ({ field, errorId }: Control): string => errorId ?? `${field.name}_error`;
const helpId = (field: Field): string => `${field.name}_help`;

/** What the b2c contract (e.4) calls the kinds of input; the class of the list item. */
export const controlClass: Readonly<Record<Field['input'], string>> = {
  text: 'TextBox',
  email: 'EmailBox',
  password: 'Password',
  code: 'TextBox VerificationCode',
  dropdown: 'DropdownSingleSelect',
  radio: 'RadioSingleSelect',
  checkboxes: 'CheckboxMultiSelect',
  checkbox: 'CheckboxMultiSelect',
  date: 'DateTimeDropdown',
  number: 'TextBox',
  phone: 'TextBox',
};

const grouped: readonly Field['input'][] = ['radio', 'checkboxes', 'date'];

/** Id of the element that an error summary leads to and that takes the focus. */
export function controlId({ name, input, choices, value }: Field): string {
  if (input === 'date') return `${name}_day`;
  const first = choices?.find((choice) => choice.value === value) ?? choices?.[0];
  return (input === 'radio' || input === 'checkboxes') && first ? `${name}_${first.value}` : name;
}

/** Not said twice: the error repeats the help when it is the same rule that was broken. */
function helpOf({ field, voice }: Control): readonly string[] {
  const errors = fieldErrors(field, voice);
  return (field.help ?? []).map((text) => voice.tell(text)).filter((help) => !errors.includes(help));
}

function described(control: Control): {
  readonly 'aria-describedby': string;
  readonly 'aria-invalid': string | undefined;
} {
  const { field } = control;
  const wrong = (field.errors ?? []).length > 0;
  return {
    'aria-describedby': [helpOf(control).length > 0 && helpId(field), wrong && errorIdOf(control)]
      .filter(Boolean)
      .join(' '),
    'aria-invalid': wrong ? 'true' : undefined,
  };
}

const inputType: Partial<Readonly<Record<Field['input'], string>>> = { email: 'email', password: 'password' };
const inputMode: Partial<Readonly<Record<Field['input'], string>>> = { code: 'numeric', number: 'numeric' };
const autofill: Partial<Readonly<Record<Field['input'], string>>> = { code: 'one-time-code', email: 'email' };

/** Values that are never sent back to the browser, whatever a step puts into a field. */
const unechoed: readonly Field['input'][] = ['password', 'code'];

function line(control: Control): Html {
  const { field, focus } = control;
  const { name, input, maxLength } = field;
  const literal = input === 'email' || input === 'code' || input === 'password';
  const given = attributes({
    id: name,
    name,
    type: inputType[input] ?? 'text',
    class: 'textInput',
    value: unechoed.includes(input) ? undefined : field.value,
    inputmode: inputMode[input],
    autocomplete: field.autocomplete ?? autofill[input] ?? 'off',
    autocapitalize: literal && 'none',
    spellcheck: literal && 'false',
    maxlength: maxLength,
    required: field.required,
    readonly: field.readOnly === true,
    autofocus: focus === name,
    ...described(control),
  });
  return html`<div class="control"><input${given}></div>`;
}

/** One box: ticked it is sent as `true`. Its label stands behind it. */
function box(control: Control): Html {
  const { focus } = control;
  const { name, value, required } = control.field;
  const given = attributes({
    id: name,
    name,
    type: 'checkbox',
    value: 'true',
    checked: value === 'true',
    required,
    autofocus: focus === name,
    ...described(control),
  });
  return html`<input${given}>`;
}

function dropdown(control: Control): Html {
  const { field, voice, focus } = control;
  const { name, value, required } = field;
  const given = attributes({
    id: name,
    name,
    class: 'dropdown_single',
    autocomplete: field.autocomplete,
    required,
    autofocus: focus === name,
    ...described(control),
  });
  const options = (field.choices ?? []).map(
    (choice) =>
      html`<option${attributes({ value: choice.value, selected: choice.value === value })}>${voice.tell(choice.label)}</option>`,
  );
  return html`<div class="control"><select${given}><option value="">${voice.say('page.choose')}</option>${options}</select></div>`;
}

function choice(
  { field, focus }: Control,
  type: 'radio' | 'checkbox',
  one: { readonly value: string; readonly name: string; readonly label: string; readonly checked: boolean },
): Html {
  const id = `${field.name}_${one.value}`;
  const given = attributes({
    id,
    type,
    name: one.name,
    checked: one.checked,
    required: type === 'radio' && field.required,
    autofocus: focus === id,
  });
  return html`<label class="choice" for="${id}"><input${given} value="${one.value}"><span>${one.label}</span></label>`;
}

function choices(control: Control, type: 'radio' | 'checkbox'): Html {
  const { field, voice } = control;
  const chosen = type === 'radio' ? [field.value] : (field.value ?? '').split(',');
  const marker =
    type === 'checkbox' && html`<input type="hidden"${attributes({ name: checkboxName(field.name) })} value="">`;
  return html`${marker}<div class="choices">${(field.choices ?? []).map(({ value, label }, index) =>
    choice(control, type, {
      value,
      name: type === 'radio' ? field.name : checkboxName(field.name, index),
      label: voice.tell(label),
      checked: chosen.includes(value),
    }),
  )}</div>`;
}

function monthNames(tag: string): readonly string[] {
  const format = new Intl.DateTimeFormat(tag, { month: 'long', timeZone: 'UTC' });
  return Array.from({ length: 12 }, (_, month) => format.format(Date.UTC(2000, month, 1)));
}

/** Day and year are typed, the month is chosen by its name: quicker than long lists, and no order of numbers to guess. */
function date(control: Control): Html {
  const { field, voice, focus } = control;
  const invalid = described(control)['aria-invalid'];
  const [year = '', month = '', day = ''] = (field.value ?? '').split('-');
  const birthday = field.autocomplete === 'bday';
  const typed = (part: 'day' | 'year', value: string, size: number): Html => {
    const id = `${field.name}_${part}`;
    const given = attributes({
      id,
      name: datePart(field.name, part),
      value: part === 'day' ? value.replace(/^0/, '') : value,
      inputmode: 'numeric',
      maxlength: size,
      autocomplete: birthday ? `bday-${part}` : 'off',
      required: field.required,
      autofocus: focus === id,
      'aria-invalid': invalid,
    });
    return html`<div class="${part}"><label for="${id}">${voice.say(`page.${part}`)}</label><input type="text" class="textInput"${given}></div>`;
  };
  const id = `${field.name}_month`;
  const given = attributes({
    id,
    name: datePart(field.name, 'month'),
    required: field.required,
    autocomplete: birthday ? 'bday-month' : undefined,
    'aria-invalid': invalid,
  });
  const months = monthNames(voice.tag).map((label, index) => {
    const value = String(index + 1).padStart(2, '0');
    return html`<option${attributes({ value, selected: value === month })}>${label}</option>`;
  });
  return html`<div class="date">${typed('day', day, 2)}<div class="month"><label for="${id}">${voice.say('page.month')}</label><select${given}><option value="">${voice.say('page.choose')}</option>${months}</select></div>${typed('year', year, 4)}</div>`;
}

const controls: Readonly<Record<Field['input'], (control: Control) => Html>> = {
  text: line,
  email: line,
  password: line,
  code: line,
  number: line,
  phone: ({ field, voice, focus, ...rest }) =>
    renderPhone(field, voice, { focus, said: described({ field, voice, focus, ...rest }) }),
  dropdown,
  radio: (control) => choices(control, 'radio'),
  checkboxes: (control) => choices(control, 'checkbox'),
  checkbox: box,
  date,
};

/** One problem of a field, as the page and its summary say it. */
export const fieldErrors = (field: Field, voice: Voice): readonly string[] =>
  (field.errors ?? []).map((text: Text) => voice.tell(text));

function notes(control: Control): Html {
  const { field, voice } = control;
  const errors = fieldErrors(field, voice);
  const help = helpOf(control);
  return html`${
    help.length > 0 &&
    html`<div class="helpText" id="${helpId(field)}">${help.map((text) => html`<p>${text}</p>`)}</div>`
  }${
    errors.length > 0 &&
    html`<div class="error itemLevel" id="${errorIdOf(control)}">${errors.map((text) => html`<p>${icons.alert}${text}</p>`)}</div>`
  }`;
}

/** A field with its label, help and errors. Ids and classes are those of the b2c contract (e.4). */
export function renderField(field: Field, voice: Voice, presentation: Presentation): Html {
  const control: Control = { field, voice, ...presentation };
  const element = controls[field.input](control);
  const hint = !field.required && !field.readOnly && html` <span class="optional">${voice.say('page.optional')}</span>`;
  const label = html`${voice.tell(field.label)}${hint}`;
  const required = field.required ? 'required' : undefined;
  if (field.input === 'checkbox') {
    const given = attributes({ id: `${field.name}_label`, for: field.name });
    return html`<div class="attrEntry ${field.name}">${notes(control)}<label class="single"${given}>${element}<span>${voice.tell(field.label)}</span></label></div>`;
  }
  if (grouped.includes(field.input)) {
    return html`<fieldset class="attrEntry" id="${field.name}"${attributes(described(control))}><legend${attributes({ id: `${field.name}_label`, class: required })}>${label}</legend>${notes(control)}${element}</fieldset>`;
  }
  return html`<div class="attrEntry"><label${attributes({ id: `${field.name}_label`, for: field.name, class: required })}>${label}</label>${notes(control)}${element}</div>`;
}
