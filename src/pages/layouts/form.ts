import type { Screen } from '../../flows/index.ts';
import { attributes, type Html, html, type Piece } from '../../http/index.ts';
import { renderImplicit } from '../actions.ts';
import { own } from '../answer.ts';
import type { View } from '../view.ts';

/** The one form of a page: it posts to the address of the page, and Enter presses `enter`. */
export function renderForm(
  view: View,
  form: {
    readonly id: string;
    readonly className?: string;
    readonly enter: string | undefined;
    readonly content: Piece;
  },
): Html {
  const given = attributes({ id: form.id, class: form.className, method: 'post', autocomplete: 'on' });
  return html`<form${given}>
${form.enter !== undefined && renderImplicit(form.enter)}
<input type="hidden" name="${own.csrf}" value="${view.csrf}">
<input type="hidden" name="${own.revision}" value="${view.revision}">
${form.content}
</form>`;
}

export function renderHeading({ heading, intro }: Screen, { voice, client }: View): Html {
  const app = voice.say('page.continueTo', { app: client.displayName });
  return html`<div class="heading"><h1>${voice.tell(heading)}</h1><p class="client">${app}</p></div>${
    intro && html`<div class="intro"><p>${voice.tell(intro)}</p></div>`
  }`;
}
