import { acceptedLanguages, type Exchange } from '../http/index.ts';

/** More preferences than any application sends are not looked at. */
const most = 20;

/** The languages of a `ui_locales` parameter, best first (OpenID Connect Core §3.1.2.1). */
export const uiLocales = (parameter: string | null | undefined): readonly string[] =>
  (parameter ?? '').split(' ', most).filter((locale) => locale !== '');

/**
 * In which languages to answer a person, best first: what the application asks for, then what the browser does. `asked` is
 * the `ui_locales` parameter, for requests that carry it elsewhere than in the query.
 */
export const localesOf = (
  { url, headers }: Pick<Exchange, 'url' | 'headers'>,
  asked: string | null | undefined = url.searchParams.get('ui_locales'),
): readonly string[] => [...uiLocales(asked), ...acceptedLanguages(headers['accept-language'])];
