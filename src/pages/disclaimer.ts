import { type Html, html } from '../http/index.ts';
import type { View } from './view.ts';

/** Only what a browser opens as a page. */
const isPage = (url: string): boolean => URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);

/**
 * Terms and the like at the foot of a page, without a script (b2c contract e.3): the texts `disclaimer_msg_intro`,
 * `disclaimer_link_1_text`, `disclaimer_link_1_url` and those of a second link, where the flow has them for this page.
 */
export function renderDisclaimer(screenId: string, { own }: View): Html | undefined {
  const say = (name: string): string | undefined => own[`${screenId}.disclaimer_${name}`];
  const links = ['link_1', 'link_2'].flatMap((name) => {
    const [text, url] = [say(`${name}_text`), say(`${name}_url`)];
    return text && url && isPage(url) ? [{ text, url }] : [];
  });
  const intro = say('msg_intro');
  if (links.length === 0 && !intro) return undefined;
  return html`<div class="disclaimer"><p>${intro}${links.map(
    ({ text, url }) => html` <a href="${url}" target="_blank" rel="noopener noreferrer">${text}</a>`,
  )}</p></div>`;
}
