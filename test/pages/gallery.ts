import assert from 'node:assert/strict';
import {
  type Flows,
  flowsFaults,
  type Input,
  type LayoutTemplate,
  type Presentation,
  type Screen,
} from '../../src/flows/index.ts';
import type { Face } from '../../src/http/index.ts';
import { newSecret, silent, systemClock } from '../../src/kernel/index.ts';
import { createWords, errorPage, pagesFace, signedOutPage } from '../../src/pages/index.ts';
import { languageLibrary } from '../../src/pages/words.ts';
import { screens } from './screens.ts';

export const tenantId = '775527ff-9a37-4307-8b3d-cc311f58d925';

/** What the browser's cookie holds. */
export const secret = newSecret();

export const templates: readonly LayoutTemplate[] = ['usher', 'classic', 'oceanBlue', 'slateGray'];

/** Every page is looked at in each of them. A language that has no file yet is spoken in English, in its own direction. */
export const languages: readonly string[] = ['en', 'de', 'ar', 'ja'];

const { tags, read } = languageLibrary();
const words = createWords({
  tags: [...new Set([...tags, ...languages])],
  read: (tag) => (tags.includes(tag) ? read(tag) : {}),
});

/** What the pages posted, by journey. */
export const answers = new Map<string, Input[]>();

export interface Shown {
  readonly screen: string;
  readonly template?: LayoutTemplate;
  readonly language?: string;
}

/** The journey that shows a screen; a journey whose name begins with `walk-` goes on from screen to screen. */
export const journeyOf = ({ screen, template = 'usher', language = 'en' }: Shown): string =>
  `${screen}__${template}__${language}`;

const parse = (journeyId: string): Required<Shown> => {
  const [screen = '', template = 'usher', language = 'en'] = journeyId.split('__');
  return { screen, template: templates.find((one) => one === template) ?? 'usher', language };
};

const branding = { bannerLogoUrl: null, backgroundImageUrl: null, backgroundColor: null, accentColor: null };

/** The flow of each template, and `B2C_1_branded`. */
function presentationOf(flowId: string): Presentation {
  const template = templates.find((one) => `B2C_1_${one}` === flowId) ?? 'usher';
  return { flowId, template, branding, runsScripts: false, lookOf: () => undefined };
}

const walkedTo = new Map<string, string>();

function screenOf(journeyId: string): Screen {
  const name = walkedTo.get(journeyId) ?? parse(journeyId).screen.replace(/^walk-.*/, 'sign-in');
  const screen = screens[name];
  if (!screen) throw flowsFaults.journeyLost();
  return screen;
}

/** Journeys that show one screen each. `walk`: where an action leads, by its name. */
function createScreens(walk: Readonly<Record<string, string>>): Flows {
  const flows: Flows = {
    obstacle: () => assert.fail('pages choose no flow'),
    start: () => assert.fail('pages start no journey'),
    glide: () => assert.fail('pages start no journey'),
    presentation: async (flowId) => presentationOf(flowId),
    async look(id, key) {
      if (key !== secret) throw flowsFaults.journeyLost();
      const { template, language } = parse(id);
      const client = { appId: '11111111-1111-4111-8111-111111111111', displayName: 'Woodgrove Groceries' };
      const journey = { id, flowId: `B2C_1_${template}`, client, locales: [language], correlationId: 'c' };
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

/** Pages outside of a journey, and where a journey ends. */
const others: Face = {
  name: 'others',
  answers: ({ pathname }) => ['/error', '/signed-out', '/back'].includes(pathname),
  async handle({ url }) {
    if (url.pathname === '/error') return errorPage({ status: 400, code: 'AADB2C90006', ...info }, [], words);
    return url.pathname === '/signed-out' ? signedOutPage([], words) : { status: 200, body: 'back at the application' };
  },
};

const paths: Readonly<Record<string, string>> = { error: '/error', 'signed-out': '/signed-out' };

/** The names of all pages there are to look at. */
export const pageNames = [...Object.keys(screens), ...Object.keys(paths), 'no-such-journey'];

export const pathOf = (shown: Shown): string => paths[shown.screen] ?? `/journey/${tenantId}/${journeyOf(shown)}`;

/** The faces of a server that has nothing but pages. */
export const gallery = (walk: Readonly<Record<string, string>> = {}): readonly Face[] => [
  others,
  pagesFace({
    flowsOf: async () => createScreens(walk),
    tenantName: async () => 'Contoso',
    clock: systemClock,
    observe: silent,
    words,
  }),
];
