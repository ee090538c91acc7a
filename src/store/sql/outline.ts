import { createHash } from 'node:crypto';
import type { Catalogue, Family } from '../catalogue.ts';
import { type Definitions, reconcile } from './reconcile.ts';

/** A change of the tables that do not depend on the model. One that has been released is never changed. */
export interface Step {
  readonly text: string;
  /** Programs that do not know it may go on beside those that do: it adds something, of which they need to keep nothing. */
  readonly additive: boolean;
}

/** What a program knows of the tables, so that another version of it can tell whether both may work on the same ones. */
export interface Outline {
  /** Steps that it knows. */
  readonly version: number;
  /** A program that knows fewer cannot work on its tables. */
  readonly oldest: number;
  readonly families: Readonly<Record<string, FamilyOutline>>;
}

interface FamilyOutline {
  /** Undeclared members are kept too, so a later version may declare what this one writes. */
  readonly open: boolean;
  /** Digest of what every table of the kind has, and of the index of single values. */
  readonly base: string;
  /** Columns and side tables: digests of their definitions, by the path of the property. */
  readonly parts: Readonly<Record<string, string>>;
  /** The properties that it writes. */
  readonly declared: readonly string[];
}

const digest = (texts: Iterable<string>): string =>
  createHash('sha256')
    .update([...texts].join('\n'))
    .digest('hex')
    .slice(0, 16);

/** The same whatever order the model tells it in. */
const sorted = <T>(entries: readonly (readonly [name: string, value: T])[]): Readonly<Record<string, T>> =>
  Object.fromEntries(entries.toSorted(([one], [other]) => (one < other ? -1 : 1)));

/** Every definition that an empty database would get for a family. */
function definitionsOf(family: Family, definitions: Definitions): ReadonlySet<string> {
  const texts = new Set<string>();
  const script = reconcile({ families: [family] }, definitions);
  for (let step = script.next(); !step.done; ) {
    const ask = step.value;
    if (ask.wanted === 'definition') texts.add(ask.text);
    step = script.next(ask.wanted === 'rows' ? [] : 0);
  }
  return texts;
}

function outlineFamily(family: Family, definitions: Definitions): FamilyOutline {
  const bare: Family = { ...family, hot: [], tuples: [], axes: [], open: false };
  const common = definitionsOf(bare, definitions);
  const partOf = (parts: Partial<Family>): string =>
    digest([...definitionsOf({ ...bare, ...parts }, definitions)].filter((text) => !common.has(text)));
  const hot = family.hot.map((one) => [one.name, partOf({ hot: [one] })] as const);
  // A property may have a column and a side table.
  const tuples = family.tuples.map((one) => [`${one.name}()`, partOf({ tuples: [one] })] as const);
  return {
    open: family.types.some(({ open }) => open),
    base: digest(definitionsOf({ ...family, hot: [], tuples: [] }, definitions)),
    parts: sorted([...hot, ...tuples]),
    declared: [...new Set(family.types.flatMap(({ properties }) => Object.keys(properties)))].sort(),
  };
}

/** What this program knows. */
export function outlineOf(catalogue: Catalogue, definitions: Definitions, steps: readonly Step[]): Outline {
  return {
    version: steps.length,
    oldest: steps.findLastIndex(({ additive }) => !additive) + 1,
    families: sorted(catalogue.families.map((one) => [one.name, outlineFamily(one, definitions)])),
  };
}

/** The property at the beginning of a path. */
const topOf = (path: string): string => path.split(/[/(]/)[0] ?? path;

function keeps(program: FamilyOutline, tables: FamilyOutline | undefined): boolean {
  if (tables?.base !== program.base) return false;
  const { parts, declared } = program;
  if (Object.entries(parts).some(([path, part]) => tables.parts[path] !== part)) return false;
  if (declared.some((name) => !tables.declared.includes(name))) return false;
  // What it does not write it cannot leave out of an index.
  const added = Object.keys(tables.parts).filter((path) => !Object.hasOwn(parts, path));
  return added.every((path) => !program.open && !declared.includes(topOf(path)));
}

/**
 * Whether a program may work on tables that another one has made for itself: they have all that it needs, and nothing that it would have to
 * keep up to date and does not know.
 */
export const mayWorkOn = (program: Outline, tables: Outline): boolean =>
  program.version >= tables.oldest &&
  program.version <= tables.version &&
  Object.entries(program.families).every(([name, family]) => keeps(family, tables.families[name]));

/** Names an outline: the same for the same one. */
export const fingerprint = (outline: Outline): string => digest([JSON.stringify(outline)]);

/** What is kept of one beside the tables. */
export const writeOutline = (outline: Outline): string => JSON.stringify(outline);

export const readOutline = (text: string): Outline => JSON.parse(text) as Outline;

/** What the tables of another program are to this one. */
export function stateFor(own: Outline, tables: Outline): 'current' | 'newer' | 'other' {
  if (fingerprint(own) === fingerprint(tables)) return 'current';
  return mayWorkOn(own, tables) ? 'newer' : 'other';
}
