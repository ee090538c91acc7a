import type { Action, Field, Screen } from '../../flows/index.ts';
import { type Html, html, type Piece } from '../../http/index.ts';
import { buttonOf, renderButton } from '../actions.ts';
import { renderExhibits } from '../exhibits.ts';
import { controlClass, renderField } from '../fields.ts';
import { focusOf } from '../focus.ts';
import { renderMessages } from '../messages.ts';
import { renderPasskey } from '../passkey.ts';
import type { View } from '../view.ts';
import { renderForm, renderHeading } from './form.ts';
import { divider, isProvider, renderProviders } from './providers.ts';

/** The link that belongs to the password field and not to the foot of the page. */
const besidePassword = 'forgotPassword';

const renderCreate = (action: Action, { voice }: View): Html =>
  html`<div class="create"><p>${action.intro && html`${voice.tell(action.intro)} `}${renderButton(buttonOf(action, voice))}</p></div>`;

/** With `webauthn` the browser offers passkeys in the list below the field (WebAuthn §5.1.4, conditional mediation). */
function offeringPasskeys(fields: readonly Field[], { passkey }: Screen): readonly Field[] {
  if (!passkey?.isConditional) return fields;
  const asked = fields.find(({ input }) => input === 'text' || input === 'email' || input === 'phone');
  return fields.map((field) =>
    field === asked ? { ...field, autocomplete: `${field.autocomplete ?? 'username'} webauthn` } : field,
  );
}

interface Parts {
  readonly forgot: Action | undefined;
  readonly buttons: readonly Action[];
  readonly links: readonly Action[];
  readonly providers: readonly Action[];
}

function partsOf({ actions }: Screen): Parts {
  const providers = actions.filter(isProvider);
  const others = actions.filter((action) => !providers.includes(action));
  const forgot = others.find(({ name }) => name === besidePassword);
  const buttons = others.filter(({ style }) => style !== 'link');
  return { forgot, buttons, links: others.filter((one) => !buttons.includes(one) && one !== forgot), providers };
}

function renderEntry(screen: Screen, view: View, { forgot, buttons }: Parts): Html | undefined {
  if (screen.fields.length === 0 && buttons.length === 0) return undefined;
  const { voice } = view;
  const focus = focusOf(screen);
  const beside = forgot && html`<div class="forgot">${renderButton(buttonOf(forgot, voice))}</div>`;
  const hasPassword = screen.fields.some(({ input }) => input === 'password');
  const entries = offeringPasskeys(screen.fields, screen).map(
    (field) =>
      html`<div class="entry-item ${controlClass[field.input]}">${renderField(field, voice, { focus })}${
        field.input === 'password' && beside
      }</div>`,
  );
  return html`<div class="entry">${entries}${!hasPassword && beside}
<div class="buttons">${buttons.map((action) => renderButton(buttonOf(action, voice)))}</div></div>`;
}

/** Sign-in by name and password, with the other ways in and the ways to an account (b2c contract e.1, `unifiedssp`). */
export function renderUnified(screen: Screen, view: View): Html {
  const { voice } = view;
  const parts = partsOf(screen);
  const entry = renderEntry(screen, view, parts);
  const passkey = renderPasskey(screen.passkey, voice);
  const providers = renderProviders(parts.providers, voice.say('page.providers'), view);
  const others: Piece = (passkey || providers) && html`${entry && divider(view)}${passkey}${providers}`;
  const create =
    parts.links.length > 0 && html`${!others && divider(view)}${parts.links.map((one) => renderCreate(one, view))}`;
  return html`${renderHeading(screen, view)}
${renderForm(view, {
  id: 'localAccountForm',
  className: 'localAccount',
  enter: parts.buttons.find(({ style }) => style === 'primary')?.name,
  content: html`${renderMessages(screen, voice)}${renderExhibits(screen.exhibits, voice)}
${entry}${others}${create}`,
})}`;
}

/** Which provider, or which kind of account (b2c contract e.1, `providerselection`); for guests with a field for their address above. */
export function renderSelection(screen: Screen, view: View): Html {
  const { voice } = view;
  const parts = partsOf(screen);
  const { buttons, links } = parts;
  const entry = screen.fields.length > 0 ? renderEntry(screen, view, parts) : undefined;
  const providers = renderProviders(parts.providers, voice.tell(screen.heading), view);
  return html`${renderHeading(screen, view)}
${renderForm(view, {
  id: 'providerSelection',
  enter: entry && buttons.find(({ style }) => style === 'primary')?.name,
  content: html`${renderMessages(screen, voice)}${entry}${entry && providers && divider(view)}${providers}${
    !entry &&
    buttons.length > 0 &&
    html`<div class="buttons">${buttons.map((action) => renderButton(buttonOf(action, voice)))}</div>`
  }${links.map((one) => renderCreate(one, view))}`,
})}`;
}
