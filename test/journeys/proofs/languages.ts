import assert from 'node:assert/strict';
import { newVisitor, textOf, type Visit } from '../../support/visitor.ts';
import type { Bench, Walk } from '../bench.ts';
import { firstPageOf, withPages } from '../first-page.ts';
import type { Chapter } from '../proof.ts';
import type { FlowKind } from '../settings.ts';

async function putLanguage({ usher }: Bench, flow: string, tag: string, isEnabled: boolean): Promise<void> {
  const response = await usher.graph('PUT', `/beta/identity/b2cUserFlows/${flow}/languages/${tag}`, { isEnabled });
  assert.ok(response.ok, await response.text());
}

/** Says something else than the server on the first page of a flow. */
async function setHeading({ usher }: Bench, flow: string, kind: FlowKind, tag: string, Value: string | undefined) {
  const path = `/beta/identity/b2cUserFlows/${flow}/languages/${tag}/overridesPages/${firstPageOf(kind)}/$value`;
  const string = { ElementType: 'UxElement', ElementId: null, StringId: 'heading', Override: true, Value };
  const response = await (Value === undefined
    ? usher.graph('DELETE', path)
    : usher.graph('PUT', path, { LocalizedStrings: [string] }));
  assert.equal(response.status, 204, await response.text());
}

const headingOf = ({ html }: Visit): string => textOf(/<h1[^>]*>([\s\S]*?)<\/h1>/.exec(html)?.[1] ?? '').trim();

/** What the flow begins with for a browser that prefers these languages. */
async function heading(bench: Bench, flow: string, acceptLanguage: string, uiLocales?: string): Promise<string> {
  const visitor = newVisitor(bench.usher, { 'accept-language': acceptLanguage });
  const { visit } = await bench.open(flow, uiLocales === undefined ? {} : { ui_locales: uiLocales }, visitor);
  return headingOf(visit);
}

/** A flow with German and French headings of its own on its first page. */
async function talkative(bench: Bench, kind: FlowKind): Promise<string> {
  const flow = await bench.flow(kind, { isLanguageCustomizationEnabled: true });
  for (const [tag, text] of [
    ['de', 'Servus'],
    ['fr', 'Salut'],
  ] as const) {
    await putLanguage(bench, flow, tag, true);
    await setHeading(bench, flow, kind, tag, text);
  }
  return flow;
}

/** Somebody who asks for a code by mail, and the page where it is asked for. */
interface Asking extends Walk {
  readonly email: string;
}

/** Up to the page where each kind of flow mails a code, and the button that does it. */
interface Way {
  readonly letter: string;
  readonly send: string;
  readonly settings?: object;
  go(bench: Bench, walk: Walk): Promise<Asking>;
}

let counter = 0;
const newAddress = (): string => {
  counter += 1;
  return `letter-${counter}-${process.pid}@people.example`;
};

const asNewcomer = async (_: Bench, walk: Walk): Promise<Asking> => ({ ...walk, email: newAddress() });

/** With the second step by mail. */
const afterSignIn: Way = {
  letter: 'multifactorCode',
  send: 'emailVerificationControl_but_send_code',
  settings: {
    multifactorAuthenticationConfiguration: {
      multifactorAuthenticationState: 'on',
      multifactorAuthenticationMethod: 'email',
    },
  },
  async go(bench, { visitor, visit }) {
    const { email, password } = await bench.person();
    return { visitor, visit: await visitor.submit(visit, 'next', { email, password }), email };
  },
};

const ways: Readonly<Record<Exclude<FlowKind, 'resourceOwner'>, Way>> = {
  signUpOrSignIn: {
    letter: 'addressVerification',
    send: 'email_ver_but_send',
    async go(bench, { visitor, visit }) {
      return asNewcomer(bench, { visitor, visit: await visitor.submit(visit, 'createAccount') });
    },
  },
  signUp: { letter: 'addressVerification', send: 'email_ver_but_send', go: asNewcomer },
  passwordReset: { letter: 'passwordReset', send: 'emailVerificationControl_but_send_code', go: asNewcomer },
  signIn: afterSignIn,
  profileUpdate: afterSignIn,
};

const wayOf = (kind: FlowKind): Way => (kind === 'resourceOwner' ? assert.fail() : ways[kind]);

/** The letter that a person gets whose browser prefers this language. */
async function letterIn(bench: Bench, kind: FlowKind, flow: string, language: string) {
  const way = wayOf(kind);
  const walk = await bench.open(flow, {}, newVisitor(bench.usher, { 'accept-language': language }));
  const { visitor, visit, email } = await way.go(bench, walk);
  const sent = await visitor.submit(visit, way.send, { email });
  const [letter] = await bench.usher.outbox(email);
  return letter ?? assert.fail(`no letter: ${textOf(sent.html)}`);
}

export const languages: Chapter = {
  proofs: [
    {
      settings: ['isLanguageCustomizationEnabled', 'languages/overridesPages'],
      kinds: withPages,
      says: 'A page says what was uploaded for it in the language of the browser, while the flow customizes languages',
      async prove(bench, kind) {
        const flow = await talkative(bench, kind);
        assert.equal(await heading(bench, flow, 'de-AT'), 'Servus');
        const ours = await heading(bench, flow, 'en');
        assert.notEqual(ours, 'Servus');
        await setHeading(bench, flow, kind, 'de', undefined);
        assert.notEqual(await heading(bench, flow, 'de-AT'), 'Servus');
        assert.equal(await heading(bench, flow, 'fr'), 'Salut');
        await bench.set(flow, { isLanguageCustomizationEnabled: false });
        assert.equal(await heading(bench, flow, 'fr'), ours);
      },
    },
    {
      settings: ['languages/isEnabled', 'defaultLanguageTag'],
      kinds: withPages,
      says: 'Who wants a language that is not enabled is spoken to in the default language of the flow',
      async prove(bench, kind) {
        const flow = await talkative(bench, kind);
        assert.equal(await heading(bench, flow, 'de'), 'Servus');
        await putLanguage(bench, flow, 'de', false);
        const ours = await heading(bench, flow, 'de');
        assert.notEqual(ours, 'Servus');
        await bench.set(flow, { defaultLanguageTag: 'fr' });
        assert.equal(await heading(bench, flow, 'de'), 'Salut');
        assert.equal(await heading(bench, flow, 'de', 'en'), ours, 'the application chooses first');
      },
    },
    {
      settings: [
        'settings/emailTexts/kind',
        'settings/emailTexts/languageTag',
        'settings/emailTexts/subject',
        'settings/emailTexts/body',
      ],
      kinds: withPages,
      says: 'A letter has the subject and the words of the flow for its kind and language',
      async prove(bench, kind) {
        const { letter, settings } = wayOf(kind);
        const flow = await talkative(bench, kind);
        if (settings) await bench.set(flow, settings);
        const [ours, french] = [await letterIn(bench, kind, flow, 'de'), await letterIn(bench, kind, flow, 'fr')];
        const own = { languageTag: 'de', subject: 'Hier ist er', body: 'Der Code: {code}' };
        await bench.set(flow, { settings: { emailTexts: [{ kind: 'oneTimePasscode', ...own }] } });
        assert.equal((await letterIn(bench, kind, flow, 'de')).subject, ours.subject, 'another kind');
        await bench.set(flow, { settings: { emailTexts: [{ kind: letter, ...own }] } });
        const german = await letterIn(bench, kind, flow, 'de');
        assert.deepEqual([german.subject, german.text], ['Hier ist er', `Der Code: ${german.code}\n`]);
        assert.equal((await letterIn(bench, kind, flow, 'fr')).subject, french.subject, 'another language');
      },
    },
  ],
  exemptions: [
    {
      settings: [
        'isLanguageCustomizationEnabled',
        'defaultLanguageTag',
        'languages/isEnabled',
        'languages/overridesPages',
        'settings/emailTexts/kind',
        'settings/emailTexts/languageTag',
        'settings/emailTexts/subject',
        'settings/emailTexts/body',
      ],
      kinds: ['resourceOwner'],
      because: 'Passwords are sent by the application itself: nobody is shown or sent anything.',
    },
  ],
};
