import type { Action } from '../../flows/index.ts';
import { attributes, type Html, html } from '../../http/index.ts';
import { own } from '../answer.ts';
import type { View } from '../view.ts';

/** Ways of another provider, and ways to a local account, on a page where one is chosen: named as in the b2c contract (e.4). */
export const isProvider = ({ name }: Action): boolean => name.endsWith('Exchange');

/** Stands between what is typed and the providers. */
export const divider = ({ voice }: View): Html => html`<div class="divider"><span>${voice.say('page.or')}</span></div>`;

function renderProvider(action: Action, index: number, { voice }: View): Html {
  const label = voice.tell(action.label);
  const given = attributes({
    id: action.name,
    class: `accountButton ${index === 0 ? 'firstButton ' : ''}claims-provider-selection`,
  });
  const initial = /[\p{L}\p{N}]/u.exec(label)?.[0].toUpperCase() ?? '';
  return html`<div><button type="submit" name="${own.action}" value="${action.name}" formnovalidate${given}><span class="initial" aria-hidden="true">${initial}</span><span>${label}</span></button></div>`;
}

/** A button for each provider; `intro` names the group. */
export function renderProviders(providers: readonly Action[], intro: string, view: View): Html | undefined {
  if (providers.length === 0) return undefined;
  const group = attributes({ role: 'group', 'aria-label': intro });
  return html`<div class="claims-provider-list-buttons social"${group}><div class="options">${providers.map(
    (action, index) => renderProvider(action, index, view),
  )}</div></div>`;
}
