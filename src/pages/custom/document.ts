import { attributes, type Html, html, type Piece, type Sources, sanitized } from '../../http/index.ts';
import { newSecret } from '../../kernel/index.ts';
import { type Content, contentScripts, contentStyles, wordsForScript } from '../layouts/shell.ts';
import type { Look } from '../look.ts';
import { placeholders } from './placeholders.ts';
import type { HeadPart, PageTemplate } from './template.ts';

/** Values of the globals that scripts of a custom page may read (b2c contract e.3), by name. */
export type Globals = Readonly<Record<string, unknown>>;

/** Inside of a script element nothing but `<` can end it; the separators ended a line in old JavaScript. */
const json = (value: unknown): string =>
  JSON.stringify(value).replace(
    /[<\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

const inline = (tag: 'script' | 'style', text: string, nonce: string): Html =>
  html`${sanitized(`<${tag} nonce="${nonce}">${text}</${tag}>`)}\n`;

function headPart(part: HeadPart, nonce: string): Html {
  switch (part.kind) {
    case 'sheet':
      return html`<link rel="stylesheet"${attributes({ href: part.href, media: part.media })}>\n`;
    case 'style':
      return inline('style', part.css, nonce);
    case 'script':
      return html`<script${attributes({ ...part.attributes, nonce })}>${sanitized(part.code)}</script>\n`;
    default:
      return part satisfies never;
  }
}

const escaped = (url: string): string => url.replaceAll('&', '&amp;').replaceAll('"', '&quot;');

/** Pictures of the branding in their places; a place without a picture is left out. */
function branded(markup: string, { logo, background }: Look): Html {
  const withPictures = Object.entries({ [placeholders.logo]: logo, [placeholders.background]: background }).reduce(
    (text, [place, url]) =>
      url === undefined
        ? text.replace(/<img\b[^>]*>/g, (image) => (image.includes(place) ? '' : image))
        : text.replaceAll(place, () => escaped(url)),
    markup,
  );
  return sanitized(withPictures);
}

function sourcesOf({ origins }: PageTemplate, look: Look, nonce: string, runsScripts: boolean): Sources {
  const own = `'nonce-${nonce}'`;
  const pictures = [...origins.images, ...origins.styles, ...(look.sources['img-src'] ?? [])];
  return {
    'style-src': [own, ...origins.styles],
    'img-src': [...new Set(pictures)],
    'font-src': [...new Set([...origins.images.slice(0, 1), ...origins.styles])],
    // Scripts of a custom page may call any service over https (b2c contract e.3).
    ...(runsScripts ? { 'script-src': [own], 'connect-src': ['https:', ...origins.images.slice(0, 1)] } : {}),
  };
}

/**
 * Our content in the page that an administrator wrote. What they wrote was sanitised; styles and scripts of theirs carry the
 * nonce of this answer. Pages that do not say they know dark mode are shown in the light.
 */
export function renderCustom(
  content: Content,
  template: PageTemplate,
  { look, globals }: { readonly look: Look; readonly globals: Globals | undefined },
): { readonly document: Html; readonly sources: Sources } {
  const nonce = newSecret();
  const { voice, hasForm = false, dataName } = content;
  const settings: Piece =
    globals && Object.entries(globals).map(([name, value]) => inline('script', `window.${name}=${json(value)}`, nonce));
  const root = attributes({ lang: voice.tag, dir: voice.direction, class: template.knowsDark ? undefined : 'light' });
  const body = attributes({ id: template.bodyId, class: template.bodyClass });
  const api = attributes({ id: 'api', role: template.hasMain ? undefined : 'main', 'data-name': dataName });
  const document = html`<!DOCTYPE html>
<html${root}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${content.titleIn?.(template.title) ?? content.title}</title>
${contentStyles(content)}${look.style !== '' && inline('style', look.style, nonce)}${settings}${template.head.map(
  (part) => headPart(part, nonce),
)}${contentScripts(content)}</head>
<body${body}${hasForm && wordsForScript(voice)}>
${branded(template.before, look)}
<div${api}>
${content.content}
</div>
${branded(template.after, look)}
</body>
</html>
`;
  return { document, sources: sourcesOf(template, look, nonce, globals !== undefined) };
}
