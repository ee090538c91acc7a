/** What somebody would like to be spoken to in, each best first (RFC 5646). */
export interface Wanted {
  /** The application's wish, `ui_locales`. */
  readonly uiLocales: readonly string[];
  /** The browser's, `Accept-Language`. */
  readonly acceptLanguages: readonly string[];
}
