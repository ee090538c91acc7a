import { attributes, type Html, html, type Piece } from '../../http/index.ts';
import {
  exhibitStyle,
  fieldStyle,
  formStyle,
  pageStyle,
  passkeyScript,
  script,
  shellStyle,
  templateStyles,
} from '../assets.ts';
import type { Look } from '../look.ts';
import type { Voice } from '../words.ts';

/** What stands in `#api`, and what the document around it has to know. */
export interface Content {
  readonly voice: Voice;
  readonly title: string;
  /** The title of a page whose owner chose its name. */
  readonly titleIn?: (own: string | undefined) => string | undefined;
  /** Class of the container in Microsoft's page templates. */
  readonly container:
    | 'unified_container'
    | 'self_asserted_container'
    | 'phonefactor_container'
    | 'idpselector_container'
    | 'exception_container';
  /** `data-name` of `#api`, by which style sheets and tests know the kind of page (b2c contract e.1). */
  readonly dataName:
    | 'Unified'
    | 'ProviderSelection'
    | 'SelfAsserted'
    | 'Phonefactor'
    | 'GlobalException'
    | 'SignedOut'
    | 'DeviceCode';
  readonly content: Piece;
  readonly hasForm?: boolean;
  readonly hasPasskey?: boolean;
}

export interface Shell extends Content {
  readonly look: Look;
  /** Absent on pages that belong to no tenant. */
  readonly tenantName?: string;
}

function brand(name: string | undefined, { logo }: Look): Html | undefined {
  if (logo !== undefined) {
    const given = attributes({ src: logo, 'data-tenant-branding-logo': 'true' });
    return html`<header class="brand"><img class="companyLogo" alt="${name ?? ''}"${given}></header>`;
  }
  if (name === undefined) return undefined;
  const initial = Array.from(name.trim())[0]?.toUpperCase() ?? '';
  return html`<header class="brand"><span class="mark" aria-hidden="true">${initial}</span><span class="name">${name}</span></header>`;
}

function background({ background: picture }: Look): Html {
  const given = attributes({ src: picture, 'data-tenant-branding-background': 'true' });
  return html`<div id="background_branding_container" data-tenant-branding-background-color="true">${
    picture !== undefined && html`<img alt=""${given}>`
  }</div>`;
}

/** Words of `comfort.js`, on the body. */
export const wordsForScript = (voice: Voice): Html =>
  attributes({
    'data-show': voice.say('page.show'),
    'data-hide': voice.say('page.hide'),
    'data-show-password': voice.say('page.showPassword'),
    'data-hide-password': voice.say('page.hidePassword'),
  });

const styleLink = (path: string): Html => html`<link rel="stylesheet" href="${path}">\n`;

/** Style sheets of what stands in `#api`. */
export const contentStyles = ({ hasForm }: Content): Html =>
  html`${styleLink(pageStyle.path)}${hasForm && [fieldStyle, formStyle, exhibitStyle].map(({ path }) => styleLink(path))}`;

const moduleLink = (path: string): Html => html`<script type="module" src="${path}"></script>\n`;

/** The server's own scripts; every page works without them. */
export const contentScripts = ({ hasForm, hasPasskey }: Content): Html =>
  html`${hasForm && moduleLink(script.path)}${hasPasskey && moduleLink(passkeyScript.path)}`;

/** The element around what stands in it, as the b2c contract (e.1) knows it. */
const renderApi = ({ dataName, content }: Content): Html =>
  html`<main id="api" data-name="${dataName}">\n${content}\n</main>`;

/** The whole document around one page, in the server's own templates. */
export function renderShell(shell: Shell): Html {
  const { voice, title, tenantName, container, hasForm = false, look } = shell;
  const template = templateStyles[look.template];
  return html`<!DOCTYPE html>
<html lang="${voice.tag}" dir="${voice.direction}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${title}</title>
<link rel="icon" href="data:,">
${contentStyles(shell)}${styleLink(shellStyle.path)}${template && styleLink(template.path)}${
  look.style !== '' && html`<style>${look.style}</style>\n`
}${contentScripts(shell)}</head>
<body class="${look.template}"${hasForm && wordsForScript(voice)}>
${background(look)}
<div class="container ${container}">
${brand(tenantName, look)}
${renderApi(shell)}
</div>
</body>
</html>
`;
}
