import assert from 'node:assert/strict';
import { createOutside } from '../../src/connectors/index.ts';
import {
  type Flows,
  flowsFaults,
  type Input,
  type LayoutTemplate,
  type Presentation,
  type Screen,
} from '../../src/flows/index.ts';
import type { Face, Reply } from '../../src/http/index.ts';
import { newSecret, silent, systemClock, unlimited } from '../../src/kernel/index.ts';
import {
  createErrorPages,
  createTemplates,
  createWords,
  type DeviceCodeView,
  deviceCodePage,
  type ErrorPages,
  pagesFace,
  signedOutPage,
} from '../../src/pages/index.ts';
import { screens } from './screens.ts';

export const tenantId = '775527ff-9a37-4307-8b3d-cc311f58d925';

/** What the browser's cookie holds. */
export const secret = newSecret();

export const templates: readonly LayoutTemplate[] = ['usher', 'classic', 'oceanBlue', 'slateGray'];

/** How a flow can look; the flow is `B2C_1_` and the name. */
export type LookName = LayoutTemplate | 'branded' | 'custom' | 'customScripts' | 'customBroken';
export const looks: readonly LookName[] = [...templates, 'branded', 'custom', 'customScripts', 'customBroken'];

/** Every page is looked at in each of them: our own, one with long words, one from right to left, one without spaces. */
export const languages: readonly string[] = ['en', 'de', 'ar', 'ja'];

const words = createWords();

/** What the pages posted, by journey. */
export const answers = new Map<string, Input[]>();

export interface Shown {
  readonly screen: string;
  readonly look?: LookName;
  readonly language?: string;
}

/** The journey that shows a screen; a journey whose name begins with `walk-` goes on from screen to screen. */
export const journeyOf = ({ screen, look = 'usher', language = 'en' }: Shown): string =>
  `${screen}__${look}__${language}`;

const parse = (journeyId: string): Required<Shown> => {
  const [screen = '', name = 'usher', language = 'en'] = journeyId.split('__');
  return { screen, look: looks.find((one) => one === name) ?? 'usher', language };
};

const unbranded = { bannerLogoUrl: null, backgroundImageUrl: null, backgroundColor: null, accentColor: null };
/** An accent colour that white words cannot be read on. */
const brand = {
  bannerLogoUrl: 'https://images.example/logo.svg',
  backgroundImageUrl: 'https://images.example/hill.svg',
  backgroundColor: '#22577a',
  accentColor: '#ffb703',
};

/** `site`: where the custom pages are. */
function presentationOf(flowId: string, site: string): Presentation {
  const name = looks.find((one) => `B2C_1_${one}` === flowId) ?? 'usher';
  const uri = `${site}/site/${name === 'customBroken' ? 'gone' : 'page'}.html`;
  return {
    flowId,
    template: templates.find((one) => one === name) ?? 'usher',
    branding: name === 'branded' || name === 'custom' ? brand : unbranded,
    runsScripts: name === 'customScripts',
    lookOf: () => ({ version: '2.1.26', ...(name.startsWith('custom') ? { uri } : {}) }),
  };
}

const walkedTo = new Map<string, string>();

function screenOf(journeyId: string): Screen {
  const name = walkedTo.get(journeyId) ?? parse(journeyId).screen.replace(/^walk-.*/, 'sign-in');
  const screen = screens[name];
  if (!screen) throw flowsFaults.journeyLost();
  return screen;
}

/** Journeys that show one screen each. `walk`: where an action leads, by its name. */
function createScreens(walk: Readonly<Record<string, string>>, site: () => string): Flows {
  const flows: Flows = {
    obstacle: () => assert.fail('pages choose no flow'),
    choose: () => assert.fail('pages choose no flow'),
    explainFor: () => assert.fail('pages choose no flow'),
    redeem: async () => undefined,
    start: () => assert.fail('pages start no journey'),
    glide: () => assert.fail('pages start no journey'),
    languages: { ofFlow: async () => ['en'] },
    bringBack: async () => ({ journeyId: '' }),
    samlMetadata: () => '',
    unshown: async () => undefined,
    about: async (id) => ({ flowId: 'B2C_1_susi', locales: [parse(id).language], correlationId: 'c' }),
    presentation: async (flowId) => presentationOf(flowId, site()),
    async look(id, key) {
      if (key !== secret) throw flowsFaults.journeyLost();
      const { look, language } = parse(id);
      const client = { appId: '11111111-1111-4111-8111-111111111111', displayName: 'Woodgrove Groceries' };
      const journey = { id, flowId: `B2C_1_${look}`, client, locales: [language], correlationId: 'c' };
      return { kind: 'show', screen: screenOf(id), revision: (answers.get(id)?.length ?? 0) + 1, journey };
    },
    async answer(id, key, _revision, input) {
      answers.set(id, [...(answers.get(id) ?? []), input]);
      if (input.action === 'next' || input.action === 'continue') return { kind: 'go', url: '/back' };
      walkedTo.set(id, walk[input.action] ?? 'sign-in');
      return flows.look(id, key);
    },
  };
  return flows;
}

const info = {
  message:
    "The redirect URI 'https://shop.example/return' provided in the request is not registered for the client ID 'x'.",
  correlationId: '1c4f0397-c6e4-4afe-bf74-42f488f2f15f',
  timestamp: '2026-11-21 10:00:00Z',
};

const deviceForm = { action: '/device', csrf: 'token', userCode: 'WDJB-MJHT' };
const deviceViews: Readonly<Record<string, DeviceCodeView>> = {
  enter: { kind: 'enter', ...deviceForm, userCode: '' },
  unknown: { kind: 'enter', ...deviceForm, problem: 'unknown' },
  confirm: { kind: 'confirm', ...deviceForm, appName: 'Living room' },
  done: { kind: 'done' },
};

function devicePage({ searchParams }: URL): Reply {
  const view = deviceViews[searchParams.get('view') ?? ''] ?? deviceViews['done'] ?? assert.fail();
  const presentation = presentationOf(`B2C_1_${searchParams.get('look')}`, '');
  return deviceCodePage(view, {
    words,
    locales: [searchParams.get('language') ?? 'en'],
    presentation,
    tenantName: 'Contoso',
  });
}

/** Pages outside of a journey, and where a journey ends. */
const others = (errorPage: ErrorPages): Face => ({
  name: 'others',
  answers: ({ pathname }) => ['/error', '/signed-out', '/back', '/device'].includes(pathname),
  async handle({ url }) {
    const language = url.searchParams.get('language') ?? 'en';
    const flow = { tenant: tenantId, id: `B2C_1_${url.searchParams.get('look')}` };
    if (url.pathname === '/device') return devicePage(url);
    if (url.pathname === '/error') return errorPage({ status: 400, code: 'AADB2C90006', ...info, flow }, [language]);
    return url.pathname === '/signed-out'
      ? signedOutPage([language], words)
      : { status: 200, body: 'back at the application' };
  },
});

const paths: Readonly<Record<string, string>> = {
  error: '/error?',
  'signed-out': '/signed-out?',
  ...Object.fromEntries(Object.keys(deviceViews).map((view) => [`device-${view}`, `/device?view=${view}&`])),
};

/** The names of all pages there are to look at. */
export const pageNames = [...Object.keys(screens), ...Object.keys(paths), 'no-such-journey'];

export const pathOf = (shown: Shown): string => {
  const path = paths[shown.screen];
  if (path === undefined) return `/journey/${tenantId}/${journeyOf(shown)}`;
  return `${path}look=${shown.look ?? 'usher'}&language=${shown.language ?? 'en'}`;
};

/** The faces of a server that has nothing but pages. `site`: where the custom pages are fetched from, when there are any. */
export function gallery(walk: Readonly<Record<string, string>> = {}, site = () => ''): readonly Face[] {
  const flows = createScreens(walk, site);
  const services = {
    flowsOf: async () => flows,
    tenantIdOf: async () => tenantId,
    tenantName: async () => 'Contoso',
    admission: unlimited,
    clock: systemClock,
    observe: silent,
    words,
    templates: createTemplates(createOutside({ allowLoopback: true }), systemClock),
  };
  return [others(createErrorPages(services)), pagesFace(services)];
}
