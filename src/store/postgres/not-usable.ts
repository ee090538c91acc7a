/** Why this build cannot use a database, and what the operator can do about it; a sentence each. */
export class NotUsable extends Error {
  readonly cure: string;

  constructor(words: string, cure: string) {
    super(words);
    this.cure = cure;
  }
}
