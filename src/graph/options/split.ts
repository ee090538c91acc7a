import { faults } from '../faults.ts';

/** What nests, what quotes, and the separators. */
const marks = /[();,']/g;

/** Splits at a separator that stands outside of parentheses and of quotes. Throws `graph.badOption` when these do not match. */
export function split(text: string, separator: ',' | ';', option: string): readonly string[] {
  const parts: string[] = [];
  let [from, depth, lowest] = [0, 0, 0];
  let quoted = false;
  for (const { 0: mark, index } of text.matchAll(marks)) {
    if (mark === "'") quoted = !quoted;
    else if (!quoted) depth += steps[mark] ?? 0;
    lowest = Math.min(lowest, depth);
    if (mark !== separator || depth > 0 || quoted) continue;
    parts.push(text.slice(from, index));
    from = index + 1;
  }
  if (depth !== 0 || lowest < 0 || quoted) {
    throw faults.badOption({ option, reason: 'the parentheses or quotes do not match' });
  }
  return [...parts, text.slice(from)];
}

const steps: Readonly<Record<string, number>> = { '(': 1, ')': -1 };
