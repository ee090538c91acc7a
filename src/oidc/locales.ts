import type { Wanted } from '../flows/index.ts';
import { acceptedLanguages, type Exchange } from '../http/index.ts';

/** More preferences than any application sends are not looked at. */
const most = 20;

/** The languages of a `ui_locales` parameter, best first (OpenID Connect Core §3.1.2.1). */
export const uiLocales = (parameter: string | null | undefined): readonly string[] =>
  (parameter ?? '').split(' ', most).filter((locale) => locale !== '');

/** Well-formed, whatever it names (RFC 5646 §2.1). */
export const isLanguageTag = (locale: string): boolean => /^[a-z]{1,8}(-[a-z0-9]{1,8})*$/i.test(locale);

/**
 * In which languages a person wants an answer. `asked` is the `ui_locales` parameter, for requests that carry it elsewhere than in
 * the query.
 */
export const wantedIn = (
  { url, headers }: Pick<Exchange, 'url' | 'headers'>,
  asked: string | null | undefined = url.searchParams.get('ui_locales'),
): Wanted => ({ uiLocales: uiLocales(asked), acceptLanguages: acceptedLanguages(headers['accept-language']) });
