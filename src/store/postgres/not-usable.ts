/** Why this build cannot use a database; a sentence for the operator. */
export class NotUsable extends Error {}
