import type { Collection } from '../attributes/collect.ts';
import type { Text } from '../screen.ts';
import type { Words } from '../step.ts';
import { flowWords } from '../words.ts';
import type { ElementType, LanguageDocument, LocalizedCollection, LocalizedString } from './language-document.ts';
import { type FlowPage, pageOfScreen } from './pages.ts';
import { saidByPages } from './said-by-pages.ts';

/** Buttons of identity providers by the ids that pages give them; brand names are the same in every language (b2c contract e.4). */
const providers: Readonly<Record<string, string>> = {
  AmazonExchange: 'Amazon',
  AppleManagedExchange: 'Apple',
  FacebookExchange: 'Facebook',
  GitHubExchange: 'GitHub',
  GoogleExchange: 'Google',
  LinkedInExchange: 'LinkedIn',
  MicrosoftAccountExchange: 'Microsoft Account',
  QQExchange: 'QQ',
  TwitterExchange: 'Twitter',
  WeChatExchange: 'WeChat',
  WeiboExchange: 'Weibo',
};

/** Labels of claims among the words of a page. */
const claims = ['password', 'newPassword', 'reenterPassword'];
/** Ids that B2C lists as error messages. */
const errorMessage = /^(UserMessageIf|DefaultMessage$|ServiceThrottled$|AADRequestsThrottled$)/;
/** What the words that every form can say begin with. */
const shared = ['field.', 'password.'];

const entry = (
  ElementType: ElementType,
  ElementId: string | null,
  StringId: string,
  Value: string,
): LocalizedString => ({
  ElementType,
  ElementId,
  StringId,
  Override: false,
  Value,
});

/** What a page says in a language when nobody overrides it; English where the server has no word in that language yet. */
export function defaultDocument(page: FlowPage, tag: string, collected: Collection, words: Words): LanguageDocument {
  const say = (id: string): string => words.text(id, {}, [tag]);
  const tell = (text: Text): string => ('literal' in text ? text.literal : say(text.id));
  const asked = page.asksAttributes ? labelsOf(collected) : [];
  const collections = page.asksAttributes ? collectionsOf(collected, tell) : [];
  return {
    LocalizedStrings: [
      ...(page.offersProviders
        ? Object.entries(providers).map(([id, name]) => entry('ClaimsProvider', null, id, name))
        : []),
      ...asked.map(([claim, label]) => entry('ClaimType', claim, 'DisplayName', tell(label))),
      ...wordsOf(page).map(([id, name]) => wordEntry(name, say(id))),
      ...pageWordsOf(page).map(([id, name]) => wordEntry(name, say(id))),
    ],
    ...(collections.length > 0 ? { LocalizedCollections: collections } : {}),
  };
}

function wordEntry(name: string, value: string): LocalizedString {
  if (claims.includes(name)) return entry('ClaimType', name, 'DisplayName', value);
  return entry(errorMessage.test(name) ? 'ErrorMessage' : 'UxElement', null, name, value);
}

const nameOf = (word: string): string => word.slice(word.lastIndexOf('.') + 1);
const pageOfWord = (word: string): string | undefined => pageOfScreen(word.slice(0, word.lastIndexOf('.')))?.id;

/** The message ids of a page, each with its id on the page. */
function wordsOf({ id, words = id, asksAttributes }: FlowPage): readonly (readonly [string, string])[] {
  // Several screens may share a page, and then an id on it.
  const own = new Map(flowWords.filter((word) => pageOfWord(word) === words).map((word) => [nameOf(word), word]));
  const others = asksAttributes ? flowWords.filter((word) => shared.some((prefix) => word.startsWith(prefix))) : [];
  return [...[...own].map(([name, word]) => [word, name] as const), ...others.map((word) => [word, word] as const)];
}

/** What the page itself says there, whichever step it is shown for. */
function pageWordsOf(page: FlowPage): readonly (readonly [string, string])[] {
  const own = new Set(wordsOf(page).map(([, name]) => name));
  const shown: Readonly<Record<string, boolean | undefined>> = {
    divider_title: page.offersProviders,
    country_code_label: /^phone/.test(page.id),
    day: page.asksAttributes,
    month: page.asksAttributes,
    year: page.asksAttributes,
  };
  return [...saidByPages].flatMap(([name, [id]]) => {
    const isShown = shown[name] ?? (name.startsWith('ver_') && own.has('ver_info_msg'));
    return isShown && id !== undefined && !own.has(name) ? [[id, name] as const] : [];
  });
}

const labelsOf = ({ email, attributes }: Collection): readonly (readonly [string, Text])[] => [
  ['email', email.label],
  ...attributes.map(({ claim, label }) => [claim, label] as const),
];

const collectionsOf = ({ attributes }: Collection, tell: (text: Text) => string): readonly LocalizedCollection[] =>
  attributes
    .filter(({ choices }) => choices.length > 0)
    .map(({ claim, choices }) => ({
      ElementType: 'ClaimType',
      ElementId: claim,
      TargetCollection: 'Restriction',
      Override: false,
      Items: choices.map(({ label, value }) => ({ Name: tell(label), Value: value })),
    }));
