import type { Action, Field, Screen } from '../../flows/index.ts';
import { type Html, html } from '../../http/index.ts';
import { buttonOf, renderButton } from '../actions.ts';
import { controlClass, renderField } from '../fields.ts';
import { focusOf } from '../focus.ts';
import { renderMessages } from '../messages.ts';
import { nextOf, pending, renderVerification } from '../verification.ts';
import type { View } from '../view.ts';
import { renderForm, renderHeading } from './form.ts';

function renderItem(field: Field, screen: Screen, view: View): Html {
  const focus = focusOf(screen);
  const { verification } = screen;
  if (verification?.field === field.name) return renderVerification(field, verification, view.voice, focus);
  return html`<li class="${controlClass[field.input]} ${field.name}_li">${renderField(field, view.voice, { focus })}</li>`;
}

/** Values of fields that wait behind a proof, so that an address changed later costs nothing that was typed. */
const renderKept = (fields: readonly Field[]): Html =>
  html`${fields
    .filter(({ input, value }) => value !== undefined && input !== 'password' && input !== 'code')
    .map(({ name, value }) => html`<input type="hidden" name="${name}" value="${value}">`)}`;

/**
 * Asks for what a person says of themself (b2c contract e.1, `selfasserted`). While an address has to be proved the page
 * shows only that, and one main button: one thing at a time.
 */
export function renderSelfAsserted(screen: Screen, view: View): Html {
  const { voice } = view;
  const proof = pending(screen);
  const shown = screen.fields.filter(({ name }) => proof === undefined || proof.field === name);
  const kept = screen.fields.filter((field) => !shown.includes(field));
  const waits = (action: Action): boolean => proof !== undefined && action.style === 'primary';
  const actions = screen.actions.filter((action) => !waits(action));
  const primary = screen.actions.find(({ style }) => style === 'primary');
  return html`${renderHeading(view, voice.tell(screen.heading), screen.intro && voice.tell(screen.intro))}
${renderForm(view, {
  id: 'attributeVerification',
  enter: proof ? nextOf(proof) : primary?.name,
  content: html`${renderMessages(screen, voice)}
<div id="attributeList" class="attr"><ul>${shown.map((field) => renderItem(field, screen, view))}</ul>${renderKept(kept)}</div>
<div class="buttons">${actions.map((action) => renderButton(buttonOf(action, voice)))}</div>`,
})}`;
}
