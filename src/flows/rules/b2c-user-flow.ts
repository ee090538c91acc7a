import { behaviour, type CheckContext, type PrepareContext } from '../../directory/index.ts';
import { type Draft, type EntityOf, entities } from '../../model/index.ts';
import { faults } from '../faults.ts';
import { methodsFor } from '../local-accounts.ts';
import { checkConfigurations, checkKeepMeSignedIn, resetsItself } from './b2c-configurations.ts';
import { explainFlow } from './explain-flow.ts';
import { checkDefaultLanguage } from './language.ts';
import { checkSettings } from './settings.ts';

type B2cDraft = Draft<typeof entities.b2cIdentityUserFlow>;
type B2cFlow = EntityOf<typeof entities.b2cIdentityUserFlow>;
type Context = PrepareContext<typeof entities.b2cIdentityUserFlow>;

/** 1 "standard", 3 "recommended" (Graph contract c.2). A resource owner flow of version 1 was observed to be refused. */
const openVersions = (draft: B2cDraft): readonly number[] => (draft.userFlowType === 'resourceOwner' ? [3] : [1, 3]);
/** The closed previews: what an import brings along goes on existing. */
const previews = [1.1, 2];

function checkVersion(draft: B2cDraft, { caller }: Context): void {
  const { userFlowType, userFlowTypeVersion: version } = draft;
  const allowed = [...openVersions(draft), ...(caller.kind === 'system' ? previews : [])];
  if (version === undefined || allowed.includes(version)) return;
  throw faults.badFlowVersion({
    version,
    userFlowType,
    allowed: allowed.join(' or '),
    target: 'userFlowTypeVersion',
  });
}

/** What the declaration of a B2C user flow cannot express. */
export const b2cUserFlowRules = behaviour({
  type: entities.b2cIdentityUserFlow,
  async prepare(draft: B2cDraft, context: Context): Promise<B2cDraft> {
    const { verb, links, current } = context;
    checkKeepMeSignedIn(draft, current);
    if (verb === 'update') return draft;
    checkVersion(draft, context);
    return {
      authenticationMethods: methodsFor(links['userFlowIdentityProviders'] ?? []),
      ...draft,
      passwordComplexityConfiguration: {
        complexityLevel: null,
        customConfiguration: null,
        isSelfServicePasswordResetAllowed: resetsItself(draft),
        allowExpiredPasswordReset: false,
        ...draft.passwordComplexityConfiguration,
      },
      firstLanguageTag: draft.defaultLanguageTag ?? null,
    };
  },
  async check(next: B2cFlow, context: CheckContext): Promise<void> {
    await checkDefaultLanguage(next, context);
    checkConfigurations(next);
    checkSettings(next);
  },
  operations: { explain: explainFlow },
});
