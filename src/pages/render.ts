import type { Screen } from '../flows/index.ts';
import { type Html, html } from '../http/index.ts';
import { renderSelfAsserted } from './layouts/self-asserted.ts';
import { renderShell, type Shell } from './layouts/shell.ts';
import { renderUnified } from './layouts/unified.ts';
import type { View } from './view.ts';

interface Layout {
  readonly container: Shell['container'];
  readonly dataName: Shell['dataName'];
  readonly render: (screen: Screen, view: View) => Html;
}

const selfAsserted: Layout = {
  container: 'self_asserted_container',
  dataName: 'SelfAsserted',
  render: renderSelfAsserted,
};

/** Layouts by content definition (b2c contract e.1); what is not listed is a self-asserted page. */
const layouts: Readonly<Record<string, Layout>> = {
  signuporsignin: { container: 'unified_container', dataName: 'Unified', render: renderUnified },
};

const isWrong = (screen: Screen): boolean =>
  screen.messages.some(({ tone }) => tone === 'error') ||
  screen.fields.some(({ errors = [] }) => errors.length > 0) ||
  (screen.verification?.messages ?? []).some(({ tone }) => tone === 'error');

function titleOf(screen: Screen, { voice, tenantName }: View): string {
  const title = voice.say('page.title', { heading: voice.tell(screen.heading), tenant: tenantName });
  return isWrong(screen) ? voice.say('page.titleError', { title }) : title;
}

/** A screen as the document that shows it. */
export function renderScreen(screen: Screen, view: View): Html {
  const { container, dataName, render } = layouts[screen.id] ?? selfAsserted;
  return renderShell({
    voice: view.voice,
    title: titleOf(screen, view),
    tenantName: view.tenantName,
    container,
    dataName,
    content: html`${render(screen, view)}`,
    hasForm: true,
  });
}
