import { createContext, Script } from 'node:vm';

/**
 * Milliseconds. A pattern that an administrator wrote may need ages for some texts; what it cannot decide in this time does not match. More
 * than any ordinary pattern needs for the longest value, and no more than a password costs.
 */
const timeout = 20;

const sandbox = createContext({ pattern: '', text: '' });
const script = new Script('new RegExp(pattern).test(text)');

/** True when the text has the form that a regular expression of ECMAScript asks for; anywhere in it, unless that is anchored. */
export function matchesPattern(pattern: string, text: string): boolean {
  Object.assign(sandbox, { pattern, text });
  try {
    return script.runInContext(sandbox, { timeout }) === true;
  } catch {
    return false;
  }
}
