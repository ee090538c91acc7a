/** What a code is asked for: kinds of letters that a flow can have its own texts for (`settings.emailTexts`). */
export type CodePurpose = 'addressVerification' | 'passwordReset' | 'oneTimePasscode' | 'multifactorCode';

/** Where a code goes, and what it proves. */
export interface Destination {
  readonly channel: 'email' | 'sms';
  /** An e-mail address, or a number in E.164. */
  readonly address: string;
  /** A code for one purpose is of no use for another. */
  readonly purpose: CodePurpose;
}
