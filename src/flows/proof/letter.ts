import type { Letter } from '../../connectors/index.ts';
import type { StepContext } from '../step.ts';
import type { Destination } from './destination.ts';

const paragraphs = ['greeting', 'code', 'validity', 'unasked', 'signature'] as const;

/** Message ids of the letter; each may use `{tenant}`, `{app}`, `{code}` and `{minutes}`. */
export const letterWords: readonly string[] = ['subject', ...paragraphs].map((part) => `mail.emailCode.${part}`);

const marks: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const inHtml = (text: string): string => text.replace(/[&<>"']/g, (found) => marks[found] ?? found);

/** The letter that carries a one-time code, in the journey's language. Names of tenant and application are text, never markup. */
export function codeLetter(context: StepContext, { address, purpose }: Destination, code: string): Letter {
  const { journey, words, directory, rules } = context;
  const minutes = Math.ceil(rules.codes.lifetimeSeconds / 60);
  const values = {
    code,
    minutes: String(minutes),
    tenant: directory.tenant.displayName,
    app: journey.client.displayName,
  };
  const say = (part: string): string => words.text(`mail.emailCode.${part}`, values, journey.locales);
  const html = paragraphs.map((part) => {
    const style = part === 'code' ? ' style="font-size:20px;font-weight:bold"' : '';
    return `<p${style}>${inHtml(say(part))}</p>`;
  });
  return {
    to: address,
    // A line break in a name must not become a header of its own.
    subject: say('subject').replace(/\s+/g, ' ').trim(),
    text: `${paragraphs.map(say).join('\n\n')}\n`,
    html: `<!doctype html>\n<html><head><meta charset="utf-8"></head><body style="font-family:sans-serif">${html.join('\n')}</body></html>\n`,
    purpose,
    code,
    flowId: journey.flowId,
    correlationId: journey.correlationId,
  };
}
