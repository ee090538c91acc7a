import { fold } from '../../model/index.ts';

/**
 * The languages every user flow has, with the names their speakers use: the 36 of B2C (Graph contract c.6, b2c contract e.5), and
 * Arabic. This is the one list of them; `pages/languages` has a file for each that is translated.
 */
const names: Readonly<Record<string, string>> = {
  ar: 'العربية',
  bn: 'বাংলা',
  cs: 'Čeština',
  da: 'Dansk',
  de: 'Deutsch',
  el: 'Ελληνικά',
  en: 'English',
  es: 'Español',
  fi: 'Suomi',
  fr: 'Français',
  gu: 'ગુજરાતી',
  hi: 'हिन्दी',
  hr: 'Hrvatski',
  hu: 'Magyar',
  it: 'Italiano',
  ja: '日本語',
  kn: 'ಕನ್ನಡ',
  ko: '한국어',
  ml: 'മലയാളം',
  mr: 'मराठी',
  ms: 'Bahasa Melayu',
  nb: 'Norsk bokmål',
  nl: 'Nederlands',
  pa: 'ਪੰਜਾਬੀ',
  pl: 'Polski',
  'pt-br': 'Português (Brasil)',
  'pt-pt': 'Português (Portugal)',
  ro: 'Română',
  ru: 'Русский',
  sk: 'Slovenčina',
  sv: 'Svenska',
  ta: 'தமிழ்',
  te: 'తెలుగు',
  th: 'ไทย',
  tr: 'Türkçe',
  'zh-hans': '中文 (简体)',
  'zh-hant': '中文 (繁體)',
};

export interface BuiltInLanguage {
  readonly tag: string;
  /** In the language itself. */
  readonly displayName: string;
}

export const builtInLanguages: readonly BuiltInLanguage[] = Object.entries(names).map(([tag, displayName]) => ({
  tag,
  displayName,
}));

const byTag: ReadonlyMap<string, BuiltInLanguage> = new Map(builtInLanguages.map((one) => [one.tag, one]));

/** Without regard to case. */
export const builtInLanguage = (tag: string): BuiltInLanguage | undefined => byTag.get(fold(tag));

/** The spelling that standards recommend (RFC 5646 §2.1.1); undefined for what only looks like a tag (§2.2.9, well-formed). */
function canonicalTag(tag: string): string | undefined {
  try {
    return Intl.getCanonicalLocales(tag)[0];
  } catch {
    return undefined;
  }
}

export const isLanguageTag = (tag: string): boolean => canonicalTag(tag) !== undefined;

const englishNames = new Intl.DisplayNames('en', { type: 'language', languageDisplay: 'standard', fallback: 'none' });

/** Several languages, none, or not known which (ISO 639-2). */
const notLanguages = ['mul', 'zxx', 'und'];

/**
 * A language, perhaps with script and region, under the name that English has for it: `es-ES` is "Spanish (Spain)". Undefined for a
 * tag that names none, or that has a newer one in its place (`iw` for `he`).
 */
export function namedLanguage(tag: string): BuiltInLanguage | undefined {
  const canonical = canonicalTag(tag);
  if (canonical === undefined || fold(canonical) !== fold(tag)) return undefined;
  const { language, script, region } = new Intl.Locale(canonical);
  if (notLanguages.includes(language)) return undefined;
  // Variants and extensions say more than the name of a language tells.
  if ([language, script, region].filter((part) => part !== undefined).join('-') !== canonical) return undefined;
  const displayName = englishNames.of(canonical);
  return displayName === undefined ? undefined : { tag: canonical, displayName };
}
