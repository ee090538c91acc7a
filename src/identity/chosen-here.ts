import type { PrepareContext } from '../directory/index.ts';
import { type Draft, entities, everyPage, fold } from '../model/index.ts';
import { isExtensionName } from './extension-definitions.ts';

type UserDraft = Draft<typeof entities.user>;
type Reader = PrepareContext['reader'];

const type = entities.onPasswordSubmitListener;

/** The properties that say whose password is still elsewhere, folded. */
async function migrationProperties(reader: Reader): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for await (const rows of everyPage((query: Parameters<Reader['find']>[0]) => reader.find(query), { type })) {
    for (const { values } of rows) {
      const { migrationPropertyId } = values['handler'] as { readonly migrationPropertyId?: string };
      if (migrationPropertyId !== undefined) found.add(fold(migrationPropertyId));
    }
  }
  return found;
}

/**
 * Whoever gets a new password here has no other one elsewhere any more: the old one, which may be why there is a new one, would else let
 * somebody in, and take the place of the new one. A draft that says itself where the password is has the last word.
 */
export async function chosenHere(
  draft: UserDraft,
  { verb, current, reader }: PrepareContext<typeof entities.user>,
): Promise<UserDraft> {
  // A hash that is only renewed is of the same password.
  if (verb === 'create' || !current || !draft.passwordHash || !draft.lastPasswordChangeDateTime) return draft;
  const said = new Set(Object.keys(draft).map(fold));
  const set = Object.entries(current).filter(([name, value]) => value === true && isExtensionName(name));
  const open = set.map(([name]) => name).filter((name) => !said.has(fold(name)));
  if (open.length === 0) return draft;
  const properties = await migrationProperties(reader);
  const here = open.filter((name) => properties.has(fold(name))).map((name) => [name, false] as const);
  return { ...draft, ...Object.fromEntries(here) };
}
