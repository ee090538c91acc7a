import type { Action, Screen } from '../../flows/index.ts';
import { type Html, html } from '../../http/index.ts';
import { buttonOf, renderButton } from '../actions.ts';
import { controlClass, renderField } from '../fields.ts';
import { focusOf } from '../focus.ts';
import { renderMessages } from '../messages.ts';
import type { View } from '../view.ts';
import { renderForm, renderHeading } from './form.ts';

/** The link that belongs to the password field and not to the foot of the page. */
const besidePassword = 'forgotPassword';

function renderCreate(actions: readonly Action[], view: View): Html | undefined {
  if (actions.length === 0) return undefined;
  const { voice } = view;
  return html`<div class="divider"><span>${voice.say('page.or')}</span></div>${actions.map(
    (action) =>
      html`<div class="create"><p>${action.intro && html`${voice.tell(action.intro)} `}${renderButton(buttonOf(action, voice))}</p></div>`,
  )}`;
}

/** Sign-in by name and password, with the ways to an account (b2c contract e.1, `unifiedssp`). */
export function renderUnified(screen: Screen, view: View): Html {
  const { voice } = view;
  const focus = focusOf(screen);
  const forgot = screen.actions.find(({ name }) => name === besidePassword);
  const buttons = screen.actions.filter(({ style }) => style !== 'link');
  const links = screen.actions.filter((action) => action.style === 'link' && action !== forgot);
  const entries = screen.fields.map(
    (field) =>
      html`<div class="entry-item ${controlClass[field.input]}">${renderField(field, voice, { focus })}${
        forgot && field.input === 'password' && html`<div class="forgot">${renderButton(buttonOf(forgot, voice))}</div>`
      }</div>`,
  );
  return html`${renderHeading(view, voice.tell(screen.heading), screen.intro && voice.tell(screen.intro))}
${renderForm(view, {
  id: 'localAccountForm',
  className: 'localAccount',
  enter: buttons.find(({ style }) => style === 'primary')?.name,
  content: html`${renderMessages(screen, voice)}
<div class="entry">${entries}
<div class="buttons">${buttons.map((action) => renderButton(buttonOf(action, voice)))}</div></div>
${renderCreate(links, view)}`,
})}`;
}
