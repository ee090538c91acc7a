import { attributes, type Html, html, type Piece } from '../../http/index.ts';
import { formStyle, pageStyle, script } from '../assets.ts';
import type { Voice } from '../words.ts';

export interface Shell {
  readonly voice: Voice;
  readonly title: string;
  /** Absent on pages that belong to no tenant. */
  readonly tenantName?: string;
  /** Class of the container in Microsoft's page templates. */
  readonly container: 'unified_container' | 'self_asserted_container' | 'exception_container';
  /** `data-name` of `#api`, by which style sheets and tests know the kind of page (b2c contract e.1). */
  readonly dataName: 'Unified' | 'SelfAsserted' | 'GlobalException' | 'SignedOut';
  readonly content: Piece;
  readonly hasForm?: boolean;
}

function brand(name: string): Html {
  const initial = Array.from(name.trim())[0]?.toUpperCase() ?? '';
  return html`<header class="brand"><span class="mark" aria-hidden="true">${initial}</span><span class="name">${name}</span></header>`;
}

function wordsForScript(voice: Voice): Html {
  return attributes({
    'data-show': voice.say('page.show'),
    'data-hide': voice.say('page.hide'),
    'data-show-password': voice.say('page.showPassword'),
    'data-hide-password': voice.say('page.hidePassword'),
  });
}

/** The whole document around one page. */
export function renderShell(shell: Shell): Html {
  const { voice, title, tenantName, container, dataName, content, hasForm = false } = shell;
  return html`<!DOCTYPE html>
<html lang="${voice.tag}" dir="${voice.direction}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${pageStyle.path}">
${
  hasForm &&
  html`<link rel="stylesheet" href="${formStyle.path}">
<script type="module" src="${script.path}"></script>`
}
</head>
<body${hasForm && wordsForScript(voice)}>
<div class="container ${container}">
${tenantName !== undefined && brand(tenantName)}
<main id="api" data-name="${dataName}">
${content}
</main>
</div>
</body>
</html>
`;
}
