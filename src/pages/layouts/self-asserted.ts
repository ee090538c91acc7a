import type { Action, Field, Screen } from '../../flows/index.ts';
import { attributes, type Html, html } from '../../http/index.ts';
import { buttonOf, renderButton } from '../actions.ts';
import { renderExhibits } from '../exhibits.ts';
import { controlClass, renderField } from '../fields.ts';
import { focusOf } from '../focus.ts';
import { renderMessages } from '../messages.ts';
import { renderPasskey } from '../passkey.ts';
import { nextOf, pending, renderVerification } from '../verification.ts';
import type { View } from '../view.ts';
import { renderForm, renderHeading } from './form.ts';
import { divider, isProvider, renderProviders } from './providers.ts';

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
    .map(({ name, value }) => html`<input type="hidden"${attributes({ name })} value="${value}">`)}`;

/** The form of a page that asks for values; `id` is the form's (b2c contract e.4). */
function renderAttributes(screen: Screen, view: View, id: string): Html {
  const { voice } = view;
  const proof = pending(screen);
  // What cannot be changed any more says what the proof is for.
  const shown = screen.fields.filter(
    ({ name, readOnly = false }) => proof === undefined || proof.field === name || readOnly,
  );
  const kept = screen.fields.filter((field) => !shown.includes(field));
  const waits = (action: Action): boolean => proof !== undefined && action.style === 'primary';
  const actions = screen.actions.filter((action) => !waits(action) && !isProvider(action));
  const providers = renderProviders(screen.actions.filter(isProvider), voice.say('page.providers'), view);
  const primary = screen.actions.find(({ style }) => style === 'primary');
  const buttons =
    actions.length > 0 &&
    html`<div class="buttons">${actions.map((action) => renderButton(buttonOf(action, voice)))}</div>`;
  const list = shown.length > 0 && html`<ul>${shown.map((field) => renderItem(field, screen, view))}</ul>`;
  return renderForm(view, {
    id,
    enter: proof ? nextOf(proof) : primary?.name,
    content: html`${renderMessages(screen, voice)}${renderExhibits(screen.exhibits, voice)}
<div id="attributeList" class="attr">${list}${renderKept(kept)}</div>
${renderPasskey(screen.passkey, voice)}${buttons}${providers && divider(view)}${providers}`,
  });
}

/**
 * Asks for what a person says of themself (b2c contract e.1, `selfasserted`). While an address has to be proved the page
 * shows only that, and one main button: one thing at a time.
 */
export const renderSelfAsserted = (screen: Screen, view: View): Html =>
  html`${renderHeading(screen, view)}
${renderAttributes(screen, view, 'attributeVerification')}`;

/** A second factor by phone (b2c contract e.1, `multifactor`). */
export const renderPhonefactor = (screen: Screen, view: View): Html =>
  html`<div id="phonefactor_initial">${renderHeading(screen, view)}
${renderAttributes(screen, view, 'phoneVerification')}</div>`;
