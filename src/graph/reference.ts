import { type EntityType, isId } from '../model/index.ts';
import { faults } from './faults.ts';
import { type Segment, segmentOf } from './key.ts';

/** Characters of one reference. */
const longest = 2_048;

/**
 * The id a reference names, in every documented form (Graph contract d.4): absolute with any host and any version (also
 * `/v1/`), relative with or without version, key in the path or in parentheses, or the bare id. The host is not compared:
 * a reference names an entity of the caller's own tenant and nothing is fetched from it. Throws `graph.badReference`.
 */
export function idOfReference(given: unknown, target: EntityType): string {
  if (typeof given !== 'string' || given === '') throw faults.badReference({ reason: 'it must be a text' });
  if (given.length > longest) throw faults.badReference({ reason: `it is longer than ${longest} characters` });
  const id = namedId(segments(given), target);
  if (!isId(id)) throw faults.badReference({ reason: 'its key cannot be read' });
  return id;
}

function namedId(names: readonly Segment[], target: EntityType): string | undefined {
  const last = names.at(-1);
  const collection = last?.key ? last : names.at(-2);
  if (collection) demandCollection(collection.name, target);
  if (!last?.key) return last?.text;
  return last.key.kind === 'value' ? last.key.value : undefined;
}

function segments(text: string): readonly Segment[] {
  const path = /^https?:\/\//i.test(text) ? pathOf(text) : text;
  if (/[?#\\]/.test(path)) throw faults.badReference({ reason: 'it must be a path only' });
  return path
    .split('/')
    .filter((part) => part !== '')
    .map((part) => segmentOf(decodePart(part)));
}

function pathOf(text: string): string {
  if (!URL.canParse(text)) throw faults.badReference({ reason: 'it is not a URL' });
  const { pathname, search, hash } = new URL(text);
  if (search !== '' || hash !== '') throw faults.badReference({ reason: 'it must be a path only' });
  return pathname;
}

function decodePart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch (cause) {
    throw faults.badReference({ reason: 'an escape sequence is broken' }, cause);
  }
}

/** `identityProviders/…` and `identity/identityProviders/…` are one collection (Graph contract e row 81). */
function demandCollection(name: string, target: EntityType): void {
  const expected = homesOf(target);
  if (expected.some((home) => home.toLowerCase() === name.toLowerCase())) return;
  const [home] = expected;
  throw faults.badReference({ reason: home ? `an entity of '${home}' is expected` : 'it names another kind' });
}

/** The collections where entities of a type are found: its own, then those of the types it derives from. */
const homesOf = ({ set, base }: EntityType): readonly string[] => [
  ...(set ? [set.path.split('/').at(-1) ?? ''] : []),
  ...(base ? homesOf(base) : []),
];
