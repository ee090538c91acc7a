import { createContext, Script } from 'node:vm';
import { createLru } from '../../kernel/index.ts';

/**
 * Milliseconds. A pattern that an administrator wrote may need ages for some texts; what it cannot decide in this time does not match. An
 * ordinary one needs a few microseconds. The second try is for a machine that had no time just then.
 */
const timeouts = [20, 200] as const;

/** Patterns that have failed both: they get the first try alone, so that nobody can stop the server with them again and again. */
const slow = createLru<true>(100);

/** Milliseconds of second tries in each span: many patterns that need ages must not stop the server one after the other. */
const budget = { milliseconds: 1_000, span: 10_000 } as const;
let used = { since: Number.NEGATIVE_INFINITY, milliseconds: 0 };

const sandbox = createContext({ pattern: '', text: '' });
const script = new Script('new RegExp(pattern).test(text)');

/** Undefined: not decided in time. */
function decide(pattern: string, text: string, timeout: number): boolean | undefined {
  Object.assign(sandbox, { pattern, text });
  try {
    return script.runInContext(sandbox, { timeout }) === true;
  } catch (error) {
    return (error as { readonly code?: string }).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT' ? undefined : false;
  }
}

/** A second try, as far as there is time for it. */
function decideAgain(pattern: string, text: string, timeout: number): boolean | undefined {
  const began = performance.now();
  if (began >= used.since + budget.span) used = { since: began, milliseconds: 0 };
  if (slow.get(pattern) || used.milliseconds >= budget.milliseconds) return undefined;
  const matched = decide(pattern, text, timeout);
  used = { ...used, milliseconds: used.milliseconds + performance.now() - began };
  if (matched === undefined) slow.set(pattern, true);
  return matched;
}

/** True when the text has the form that a regular expression of ECMAScript asks for; anywhere in it, unless that is anchored. */
export function matchesPattern(pattern: string, text: string): boolean {
  const [first, second] = timeouts;
  return decide(pattern, text, first) ?? decideAgain(pattern, text, second) ?? false;
}
