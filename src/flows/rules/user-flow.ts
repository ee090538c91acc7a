import { behaviour, type PrepareContext } from '../../directory/index.ts';
import { type Draft, entities, fold } from '../../model/index.ts';
import { faults } from '../faults.ts';
import { methodsFor } from '../local-accounts.ts';

type FlowDraft = Draft<typeof entities.identityUserFlow>;
type B2cDraft = Draft<typeof entities.b2cIdentityUserFlow>;

/** What the id of each kind of flow begins with (Graph contract c.1, e rows 15, 16). */
const prefixes: ReadonlyMap<string, string> = new Map([['b2cIdentityUserFlow', 'B2C_1_']]);

/** Characters of a flow's name without its prefix (Graph contract e row 100). */
const nameMaxLength = 64;

/** Sent without the prefix or with it, in any case; stored with it once. */
function prefixed(id: string, prefix: string): string {
  const name = fold(id).startsWith(fold(prefix)) ? id.slice(prefix.length) : id;
  if (!/^[a-z0-9_]+$/i.test(name) || name.length > nameMaxLength) {
    throw faults.badFlowId({ id, maximum: nameMaxLength, target: 'id' });
  }
  return `${prefix}${name}`;
}

/** Ids of user flows of every kind. */
export const userFlowRules = behaviour({
  type: entities.identityUserFlow,
  async prepare(
    draft: FlowDraft,
    { verb, type }: PrepareContext<typeof entities.identityUserFlow>,
  ): Promise<FlowDraft> {
    const prefix = prefixes.get(type.name);
    if (verb !== 'create' || draft.id === undefined || prefix === undefined) return draft;
    return { ...draft, id: prefixed(draft.id, prefix) };
  },
});

/**
 * The versions that can be created: 1 "standard", 3 "recommended"; the previews 1.1 and 2 are closed (Graph contract c.2).
 * A resource owner flow of version 1 was observed to be refused.
 */
function checkVersion({ userFlowType, userFlowTypeVersion: version }: B2cDraft): void {
  const allowed = userFlowType === 'resourceOwner' ? [3] : [1, 3];
  if (version === undefined || allowed.includes(version)) return;
  throw faults.badFlowVersion({
    version,
    userFlowType,
    allowed: allowed.join(' or '),
    target: 'userFlowTypeVersion',
  });
}

/** Throws `flows.badLanguageTag` for what only looks like a tag (RFC 5646 §2.2.9, well-formed). */
function checkLanguage(tag: string | null | undefined): void {
  try {
    if (tag) Intl.getCanonicalLocales(tag);
  } catch (cause) {
    throw faults.badLanguageTag({ tag, target: 'defaultLanguageTag' }, cause);
  }
}

/** What else the declaration of a B2C user flow cannot express. */
export const b2cUserFlowRules = behaviour({
  type: entities.b2cIdentityUserFlow,
  async prepare(
    draft: B2cDraft,
    { verb, links }: PrepareContext<typeof entities.b2cIdentityUserFlow>,
  ): Promise<B2cDraft> {
    checkLanguage(draft.defaultLanguageTag);
    if (verb === 'update') return draft;
    checkVersion(draft);
    return { authenticationMethods: methodsFor(links['userFlowIdentityProviders'] ?? []), ...draft };
  },
});
