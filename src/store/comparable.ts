import { isPrintableAscii } from '../kernel/index.ts';
import { fold, type Path } from '../model/index.ts';

/** A value as it is compared, ordered and indexed: folded text, a number (booleans are 0 and 1), or null for nothing. */
export type Comparable = string | number | null;

/** `fold`, made safe for engines that keep UTF-8: a lone surrogate becomes U+FFFD, and so does U+0000, which PostgreSQL refuses. */
export const foldText = (text: string): string =>
  isPrintableAscii(text) ? fold(text) : fold(text).toWellFormed().replaceAll('\0', '\uFFFD');

/** Objects, arrays and absent members have no order; they compare as null. */
export function comparable(value: unknown): Comparable {
  if (typeof value === 'string') return foldText(value);
  if (typeof value === 'boolean') return value ? 1 : 0;
  return typeof value === 'number' ? value : null;
}

/** The own member at the end of the path, never one of a prototype. */
export function valueAt(root: unknown, path: Path): unknown {
  let value = root;
  for (const segment of path) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    if (!Object.hasOwn(value, segment)) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[segment];
  }
  return value;
}

/** By code point, as engines compare UTF-8; `<` on strings compares UTF-16 units and differs above U+FFFF. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** Null first, then numbers, then text. */
export function compare(a: Comparable, b: Comparable): number {
  if (typeof a === 'string' && typeof b === 'string') return compareText(a, b);
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return rank(a) - rank(b);
}

function rank(value: Comparable): number {
  if (value === null) return 0;
  return typeof value === 'number' ? 1 : 2;
}
