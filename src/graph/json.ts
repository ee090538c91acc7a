/** A JSON object, of a body or of an answer. */
export type Json = Readonly<Record<string, unknown>>;

export const isObject = (given: unknown): given is Json =>
  typeof given === 'object' && given !== null && !Array.isArray(given);
