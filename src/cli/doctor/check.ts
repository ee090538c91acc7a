/** What one examination found. `warn` does not keep the server from running. */
export interface Finding {
  readonly level: 'ok' | 'warn' | 'fail';
  readonly subject: string;
  readonly words: string;
  /** What to do about it. */
  readonly cure?: string;
}

export const ok = (subject: string, words: string): Finding => ({ level: 'ok', subject, words });
export const warn = (subject: string, words: string, cure: string): Finding => ({
  level: 'warn',
  subject,
  words,
  cure,
});
export const fail = (subject: string, words: string, cure: string): Finding => ({
  level: 'fail',
  subject,
  words,
  cure,
});
