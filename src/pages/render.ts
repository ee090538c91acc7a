import type { Screen } from '../flows/index.ts';
import { type Html, html } from '../http/index.ts';
import { renderDisclaimer } from './disclaimer.ts';
import { renderPhonefactor, renderSelfAsserted } from './layouts/self-asserted.ts';
import { type Content, renderShell } from './layouts/shell.ts';
import { renderSelection, renderUnified } from './layouts/unified.ts';
import type { View } from './view.ts';

interface Layout extends Pick<Content, 'container' | 'dataName'> {
  readonly render: (screen: Screen, view: View) => Html;
}

const unified: Layout = { container: 'unified_container', dataName: 'Unified', render: renderUnified };
const selection: Layout = {
  container: 'idpselector_container',
  dataName: 'ProviderSelection',
  render: renderSelection,
};
const selfAsserted: Layout = {
  container: 'self_asserted_container',
  dataName: 'SelfAsserted',
  render: renderSelfAsserted,
};

/** Layouts by content definition (b2c contract e.1); what is not listed is a self-asserted page. */
const layouts: Readonly<Record<string, Layout>> = {
  signuporsignin: unified,
  localaccountsignin: unified,
  idpselections: selection,
  'idpselections.signup': selection,
  phonefactor: { container: 'phonefactor_container', dataName: 'Phonefactor', render: renderPhonefactor },
};

const isWrong = (screen: Screen): boolean =>
  screen.messages.some(({ tone }) => tone === 'error') ||
  screen.fields.some(({ errors = [] }) => errors.length > 0) ||
  (screen.verification?.messages ?? []).some(({ tone }) => tone === 'error');

const marked = (title: string, screen: Screen, { voice }: View): string =>
  isWrong(screen) ? voice.say('page.titleError', { title }) : title;

const titleOf = (screen: Screen, view: View): string => {
  const { voice, tenantName } = view;
  return marked(voice.say('page.title', { heading: voice.tell(screen.heading), tenant: tenantName }), screen, view);
};

/** A screen as what stands in `#api`, with what the document around it has to know. */
export function renderContent(screen: Screen, view: View): Content {
  const { container, dataName, render } = layouts[screen.id] ?? selfAsserted;
  return {
    voice: view.voice,
    title: titleOf(screen, view),
    titleIn: (own) => own && marked(own, screen, view),
    container,
    dataName,
    content: html`${render(screen, view)}${renderDisclaimer(screen.id, view)}`,
    hasForm: true,
    hasPasskey: screen.passkey !== undefined,
  };
}

/** A screen as the document that shows it, in one of the server's own templates. */
export const renderScreen = (screen: Screen, view: View): Html =>
  renderShell({ ...renderContent(screen, view), look: view.look, tenantName: view.tenantName });
