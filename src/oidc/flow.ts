import type { Directory } from '../directory/index.ts';
import { type EntityOf, entities } from '../model/index.ts';
import { lifetimes } from './lifetimes.ts';

const type = entities.b2cIdentityUserFlow;

type Stored = EntityOf<typeof type>;

/** How long the tokens of a flow live, in seconds (b2c contract c.4). */
export interface TokenLifetimes {
  /** Access and ID tokens. */
  readonly token: number;
  readonly refreshToken: number;
  /** How long refreshing can go on without a new sign-in; absent: without end. */
  readonly window?: number;
}

/** Single sign-on at a flow (b2c contract j). */
export interface SessionRules {
  readonly scope: 'tenant' | 'application' | 'policy' | 'disabled' | 'directory';
  /** Seconds of a session whose person did not ask to stay signed in. */
  readonly seconds: number;
  /** Counted from the sign-in; else from the last use. */
  readonly absolute: boolean;
  /** Seconds of one whose person did; absent: that is not offered. */
  readonly keptSeconds?: number;
  /** Signing out needs an ID token, and then leads to registered addresses only. */
  readonly needsHint: boolean;
}

/** Claims to return (b2c contract c.3). */
export interface ReturnedClaims {
  /** Ids of the attributes selected; absent: everything that is known. */
  readonly attributes?: readonly string[];
  readonly identityProvider: boolean;
  readonly identityProviderToken: boolean;
  readonly newUser: boolean;
  /** The flow asks how old people are, and says so. */
  readonly age: boolean;
}

/** What the protocol needs to know of a user flow. */
export interface Flow {
  /** As stored, e.g. `B2C_1_susi`; the `tfp` claim. */
  readonly id: string;
  readonly lower: string;
  readonly kind: Stored['userFlowType'];
  /** The issuer names the flow (`/tfp/…`) instead of only the tenant. */
  readonly ownIssuer: boolean;
  /** The claim that names the flow. */
  readonly flowClaim: 'tfp' | 'acr';
  /** `sub` names the person; else it says that it does not. */
  readonly hasSubject: boolean;
  readonly lifetimes: TokenLifetimes;
  readonly session: SessionRules;
  readonly returned: ReturnedClaims;
  /** Passwords are exchanged for tokens there, and nothing else is asked for. */
  readonly exchangesPasswords: boolean;
  /** What an authorization request costs of the tenant's quota, where those of B2C are emulated (b2c contract k). */
  readonly quotaCost: number;
}

/** Of the flows whose lifetimes cannot be configured (b2c contract c.4). */
const fixedLifetimes: TokenLifetimes = {
  token: lifetimes.accessToken,
  refreshToken: lifetimes.refreshToken,
  window: lifetimes.refreshWindow,
};

const day = 86_400;

function lifetimesOf({ userFlowType, tokenLifetimeConfiguration: chosen }: Stored): TokenLifetimes {
  if (userFlowType === 'passwordReset') return fixedLifetimes;
  const window = chosen.rollingRefreshTokenLifetimeInDays;
  return {
    token: chosen.accessAndIdTokenLifetimeInMinutes * 60,
    refreshToken: chosen.refreshTokenLifetimeInDays * day,
    ...(window < 0 ? {} : { window: window * day }),
  };
}

/** Recommended flows of these kinds offer to stay signed in (b2c contract d.2). */
const keeping: readonly Stored['userFlowType'][] = ['signUpOrSignIn', 'signIn', 'profileUpdate'];

function sessionOf(stored: Stored): SessionRules {
  const { userFlowType, userFlowTypeVersion, singleSignOnSessionConfiguration: chosen } = stored;
  const offers = userFlowTypeVersion === 3 && keeping.includes(userFlowType);
  const keeps = offers && chosen.isKeepMeSignedInEnabled;
  return {
    scope: chosen.sessionScope,
    seconds: chosen.sessionLifetimeInMinutes * 60,
    absolute: chosen.isSessionLifetimeAbsolute,
    ...(keeps ? { keptSeconds: chosen.keepMeSignedInDays * day } : {}),
    needsHint: chosen.enforceIdTokenHintOnLogout,
  };
}

/**
 * Known before anybody has said whether they sign in or up, and by what: a flow for both costs what a sign-in does, providers and codes
 * that somebody might choose cost nothing.
 */
function quotaCostOf({ userFlowType, authenticationMethods, settings, ...flow }: Stored): number {
  const hasPhones = String(authenticationMethods).includes('phoneWithOneTimePassword');
  const base = userFlowType === 'signUp' || hasPhones ? 6 : 4;
  const { multifactorAuthenticationState } = flow.multifactorAuthenticationConfiguration;
  return base + (multifactorAuthenticationState === 'off' ? 0 : 2) + (settings.ageGating.isEnabled ? 2 : 0);
}

/** Where a person would have to be asked something, a password alone is not enough, and there is nobody to ask. */
const exchangesPasswords = ({ userFlowType, settings, ...flow }: Stored): boolean =>
  userFlowType === 'resourceOwner' &&
  !settings.isSignInBlocked &&
  !settings.ageGating.isEnabled &&
  !flow.isConditionalAccessEnforced &&
  flow.multifactorAuthenticationConfiguration.multifactorAuthenticationState === 'off';

/** Looks a flow up in letters of any case; undefined when the tenant has none of that name. */
export async function findFlow(directory: Directory, id: string): Promise<Flow | undefined> {
  const entity = (await directory.get({ type, id }))?.entity;
  if (!entity) return undefined;
  const [linked = []] = await directory.linked([{ type, id: entity.id }], 'applicationClaims');
  const attributes = linked.map((target) => target.entity.id);
  const { tokenClaimsConfiguration: claims, settings } = entity;
  return {
    id: entity.id,
    lower: entity.id.toLowerCase(),
    kind: entity.userFlowType,
    ownIssuer: claims.isIssuerEntityUserFlow,
    flowClaim: claims.claimTypeForUserFlowId === 'acr' ? 'acr' : 'tfp',
    hasSubject: claims.isSubjectClaimSupported,
    lifetimes: lifetimesOf(entity),
    session: sessionOf(entity),
    returned: {
      ...(attributes.length === 0 ? {} : { attributes }),
      identityProvider: settings.tokenClaims.isIdentityProviderIncluded,
      identityProviderToken: settings.tokenClaims.isIdentityProviderAccessTokenIncluded,
      newUser: settings.tokenClaims.isNewUserIncluded,
      age: settings.ageGating.isEnabled,
    },
    exchangesPasswords: exchangesPasswords(entity),
    quotaCost: quotaCostOf(entity),
  };
}
