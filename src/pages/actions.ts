import type { Action } from '../flows/index.ts';
import { attributes, type Html, html } from '../http/index.ts';
import { own } from './answer.ts';
import type { Voice } from './words.ts';

/** `needsFields`: the browser checks the fields first; false for ways out of the page. */
export interface Button {
  readonly action: string;
  readonly label: string;
  readonly style: Action['style'];
  readonly needsFields: boolean;
}

const classOf: Readonly<Record<Action['style'], string>> = {
  primary: 'primary',
  secondary: 'secondary',
  link: 'textButton',
};

/** A button whose element id is the name of its action, as in the b2c contract (e.4). */
export function renderButton({ action, label, style, needsFields }: Button, extraClass = ''): Html {
  const given = attributes({
    id: action,
    class: `${classOf[style]} ${extraClass}`.trim(),
    formnovalidate: !needsFields,
  });
  return html`<button type="submit" name="${own.action}" value="${action}"${given}>${label}</button>`;
}

export const buttonOf = (action: Action, voice: Voice): Button => ({
  action: action.name,
  label: voice.tell(action.label),
  style: action.style,
  needsFields: action.style === 'primary',
});

/**
 * What Enter presses: browsers take the first submit button of the form, wherever the keyboard is (HTML §4.10.21.2). So the
 * form begins with an unseen twin of its main button.
 */
export const renderImplicit = (action: string): Html =>
  html`<button type="submit" name="${own.action}" value="${action}" class="implicit" tabindex="-1" aria-hidden="true"></button>`;
