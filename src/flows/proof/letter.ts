import type { Letter } from '../../connectors/index.ts';
import type { StepContext } from '../step.ts';
import type { CodePurpose, Destination } from './destination.ts';
import { messageValues } from './message-values.ts';

const purposes: readonly CodePurpose[] = ['addressVerification', 'passwordReset', 'oneTimePasscode', 'multifactorCode'];

const subjectPart = 'email_subject';
/** Before the code, and after it. */
const openingParts = ['email_message'] as const;
const closingParts = ['email_validity', 'email_unasked'] as const;

/**
 * Message ids of the letters. Each text may use `{tenant}`, `{app}`, `{email}` and `{time}`, which is how long the code is valid; `{minutes}` is for
 * the texts of administrators (`settings.emailTexts`).
 */
export const letterWords: readonly string[] = purposes.flatMap((purpose) =>
  [subjectPart, ...openingParts, ...closingParts].map((part) => `mail.${purpose}.${part}`),
);

/** Stands for the code until a letter is put together. */
const place = '{code}';

const marks: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const inHtml = (text: string): string => text.replace(/[&<>"']/g, (found) => marks[found] ?? found);

/** What a letter says, with the place of the code. */
interface Draft {
  readonly subject: string;
  readonly paragraphs: readonly string[];
}

/** The flow's own text where it has one (`settings.emailTexts`), else the server's. */
async function draft(context: StepContext, { address, purpose }: Destination): Promise<Draft> {
  const { journey, words, localization } = context;
  const { locales } = journey;
  const values = { ...(await messageValues(context, address)), code: place };
  const say = (part: string): string => words.text(`mail.${purpose}.${part}`, values, locales);
  const fill = (text: string): string => words.fill(text, values, locales);
  const own = await localization.emailTextOf(journey.flowId, purpose, locales);
  const standard = () => [...openingParts.map(say), place, ...closingParts.map(say), fill('{tenant}')];
  return {
    subject: own.subject ? fill(own.subject) : say(subjectPart),
    paragraphs: own.body
      ? own.body
          .trim()
          .split(/\n\s*\n/)
          .map(fill)
      : standard(),
  };
}

const styles = {
  body: "margin:0;padding:24px;font-family:system-ui,-apple-system,'Segoe UI',Roboto,sans-serif;font-size:16px;line-height:1.5",
  frame: 'max-width:560px;margin:0 auto',
  code: 'font-size:24px;letter-spacing:2px',
} as const;

/** A line break in a name must not become a header of its own. */
const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** The letter that carries a one-time code, in the journey's language. What anybody wrote or is called is text, never markup. */
export async function codeLetter(context: StepContext, to: Destination, code: string): Promise<Letter> {
  const { journey, words } = context;
  const { subject, paragraphs } = await draft(context, to);
  const { tag, direction } = words.choose(journey.locales);
  const shown = `<strong dir="ltr" style="${styles.code}">${code}</strong>`;
  const lines = paragraphs.map((paragraph) => inHtml(paragraph).replaceAll(place, shown).replaceAll('\n', '<br>'));
  return {
    to: to.address,
    subject: oneLine(subject),
    text: `${paragraphs.join('\n\n').replaceAll(place, code)}\n`,
    html: `<!doctype html>
<html lang="${tag}" dir="${direction}"><head><meta charset="utf-8"><title>${inHtml(oneLine(subject))}</title></head>
<body style="${inHtml(styles.body)}"><div style="${styles.frame}">
${lines.map((line) => `<p>${line}</p>`).join('\n')}
</div></body></html>
`,
    purpose: to.purpose,
    code,
    flowId: journey.flowId,
    correlationId: journey.correlationId,
  };
}
