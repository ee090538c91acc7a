import { behaviour, type OperationCall, type PrepareContext } from '../directory/index.ts';
import { isoDateTime, newId } from '../kernel/index.ts';
import { type Draft, entities } from '../model/index.ts';
import { checkedAge, legalAgeGroup } from './age-group.ts';
import { chosenHere } from './chosen-here.ts';
import { checkExtensionValues, hiddenValues } from './extension-values.ts';
import type { Extensions } from './extensions.ts';
import { faults } from './faults.ts';
import { normalPrincipalName } from './guest-names.ts';
import type { Hasher } from './hasher.ts';
import { mayBeWeak, neverExpires, unknownPolicies } from './password-policies.ts';
import { checkPassword, describeComplaints, type PasswordRules } from './password-rules.ts';
import { belongsTo, checkIdentities, isEmail, isFederated, isLocalName } from './sign-in-names.ts';
import { passwordRulesIn } from './tenant-settings.ts';

type UserDraft = Draft<typeof entities.user>;
type Context = PrepareContext<typeof entities.user>;

/** What the declaration of `user` cannot express (Graph contract a.10, b2c contract h and j). */
export const userBehaviour = (hasher: Hasher, rules: PasswordRules, extensions?: () => Extensions) =>
  behaviour({
    type: entities.user,
    async prepare(draft: UserDraft, context: Context): Promise<UserDraft> {
      const { passwordProfile, ...rest } = checkedAge(draft);
      checkDraft(rest, context);
      await checkExtensionValues(rest, context.reader);
      const policies = rest.passwordPolicies ?? context.current?.passwordPolicies;
      const secret = await passwordOf(passwordProfile, policies, { hasher, rules, context });
      const next: UserDraft = { ...rest, ...secret };
      return context.verb === 'create' ? created(next, context) : chosenHere(next, context);
    },
    derived: ['legalAgeGroupClassification'],
    derive: (found) =>
      Promise.all(
        found.map(async ({ entity }) => ({
          legalAgeGroupClassification: legalAgeGroup(entity),
          ...(extensions ? await hiddenValues(entity, extensions()) : {}),
        })),
      ),
    operations: {
      async revokeSignInSessions(call) {
        await revokeSessions(call);
        return true;
      },
      invalidateAllRefreshTokens: revokeSessions,
    },
  });

/** Tokens and sessions from before this moment are refused (b2c contract c.5). */
async function revokeSessions({
  clock,
  directory,
  target,
  trusted,
}: OperationCall<typeof entities.user>): Promise<void> {
  if (!target) return;
  const patch = { signInSessionsValidFromDateTime: isoDateTime(clock.now()) };
  await directory.update(trusted, { type: entities.user, id: target.entity.id }, patch);
}

function checkDraft(draft: UserDraft, { tenant }: Context): void {
  if (/[<>]/.test(draft.displayName ?? '')) throw faults.badDisplayName();
  const { userType } = draft;
  if (userType && !userTypes.includes(userType)) throw faults.badUserType({ userType, property: 'userType' });
  if (draft.identities) checkIdentities(draft.identities, tenant);
  if (draft.recoveryEmail && !isEmail(draft.recoveryEmail)) {
    throw faults.badSetting({ property: 'recoveryEmail', reason: 'it is not an e-mail address' });
  }
  const [policy] = unknownPolicies(draft.passwordPolicies);
  if (policy !== undefined) throw faults.badPasswordPolicies({ policy });
  const name = draft.userPrincipalName;
  if (typeof name === 'string' && !belongsTo(tenant, name.slice(name.lastIndexOf('@') + 1))) {
    throw faults.badPrincipalName({ property: 'userPrincipalName' });
  }
}

const userTypes: readonly string[] = ['Member', 'Guest'];

interface Means {
  readonly hasher: Hasher;
  readonly rules: PasswordRules;
  readonly context: Context;
}

/**
 * What is stored in place of a password profile. A new password ends every session, since whoever knew the old one may
 * hold one of them (b2c contract c.5).
 */
async function passwordOf(
  profile: UserDraft['passwordProfile'],
  policies: string | null | undefined,
  { hasher, rules, context }: Means,
): Promise<UserDraft> {
  if (!profile) return {};
  const { forceChangePasswordNextSignIn: forced } = profile;
  const force: UserDraft = typeof forced === 'boolean' ? { forceChangePassword: forced } : {};
  if (typeof profile.password !== 'string') return force;
  const chosen = mayBeWeak(policies) ? 'b2c-weak' : await rulesOf(context, rules);
  const complaints = checkPassword(chosen, profile.password, context.tenant);
  if (complaints.length > 0) {
    throw faults.weakPassword({ reasons: describeComplaints(complaints), property: 'passwordProfile' });
  }
  const now = isoDateTime(context.clock.now());
  return {
    ...force,
    passwordHash: await hasher.hash(profile.password),
    lastPasswordChangeDateTime: now,
    signInSessionsValidFromDateTime: now,
  };
}

async function rulesOf({ tenant, reader }: Context, fallback: PasswordRules): Promise<PasswordRules> {
  const found = await reader.get({ type: entities.organization, id: tenant.id });
  return passwordRulesIn(found?.values['settings'], fallback);
}

/** The server's part of a new user. What the draft already holds (an import keeps its dates) stays. */
function created(draft: UserDraft, { caller, tenant, clock }: Context): UserDraft {
  const identities = draft.identities ?? [];
  const local = identities.some(isLocalName);
  const invited = draft.creationType === 'Invitation' || draft.userType === 'Guest' || identities.some(isFederated);
  // Only the server's own journeys know another proof: a code to a number or an address.
  if (local && !draft.passwordHash && caller.kind !== 'system')
    throw faults.missingProperty({ property: 'passwordProfile' });
  if (!local && !invited) checkWorkAccount(draft);
  const id = draft.id ?? newId();
  const now = isoDateTime(clock.now());
  return {
    ...draft,
    id,
    userPrincipalName: normalPrincipalName(draft.userPrincipalName ?? `${id}@${tenant.domains[0]}`),
    creationType: draft.creationType ?? (local ? 'LocalAccount' : null),
    passwordPolicies: draft.passwordPolicies ?? (local ? neverExpires : null),
    createdDateTime: draft.createdDateTime ?? now,
    lastPasswordChangeDateTime: draft.lastPasswordChangeDateTime ?? now,
    signInSessionsValidFromDateTime: draft.signInSessionsValidFromDateTime ?? now,
  };
}

/** A user without identities of its own signs in with the principal name, which then cannot be made up by the server. */
function checkWorkAccount(draft: UserDraft): void {
  for (const property of ['displayName', 'mailNickname', 'userPrincipalName', 'passwordHash'] as const) {
    if (!draft[property]) {
      throw faults.missingProperty({ property: property === 'passwordHash' ? 'passwordProfile' : property });
    }
  }
}
