import type { LinkedConnectors } from '../callouts/connector-step.ts';
import type { CollectionPage } from '../guests/collected-inputs.ts';
import type { CreateAccountSettings } from '../guests/create-account.ts';
import type { CreateGuestSettings } from '../guests/create-guest.ts';
import { mailProvider } from '../guests/mail-person.ts';
import { type AccountKind, hasPassword } from '../local-accounts.ts';
import { postAttributePart, postFederationPart } from '../parts/api-connectors.ts';
import { attributeExtensionsPart, tokenClaimsPart } from '../parts/extensions.ts';
import type { Condition, OfferedProvider, PlannedStep } from '../plan.ts';
import type { Text } from '../screen.ts';
import type { CodeSignInSettings } from '../steps/code-sign-in-screen.ts';
import type { CreateUserSettings } from '../steps/create-user.ts';
import type { SignInSettings } from '../steps/sign-in-screen.ts';
import type { LocalSignUpSettings } from '../steps/sign-up-screen.ts';
import type { SocialSignUpSettings } from '../steps/social-sign-up.ts';

/** How people without an account get one. */
export interface GuestSignUp {
  /** By a code to their address, or with a password; never both as one account. */
  readonly accounts: readonly ('emailCode' | 'emailWithPassword')[];
  readonly providers: readonly OfferedProvider[];
  /** What newcomers are asked for. */
  readonly page: CollectionPage;
  readonly userType: CreateGuestSettings['userType'];
  readonly connectors: LinkedConnectors;
}

/** What a plan for the tenant's own sign-in is made of. */
export interface GuestIngredients {
  /** Kinds of accounts of the tenant that can be signed in to. */
  readonly accounts: readonly AccountKind[];
  /** All that the tenant has: whoever has an account may come by any of them, whatever the flow offers to newcomers. */
  readonly providers: readonly OfferedProvider[];
  /** Absent: nobody gets an account. */
  readonly signUp?: GuestSignUp;
}

const email: { readonly label: Text; readonly proof: true } = { label: { id: 'attribute.email' }, proof: true };

const isUnknown: Condition = { fact: 'userId', is: null };
const newcomer: readonly Condition[] = [{ fact: 'intent', is: 'signUp' }, isUnknown];
const isForeign: Condition = { fact: 'foreign', isNot: null };
const isLocal: Condition = { fact: 'foreign', is: null };
const chose = (kind: AccountKind): Condition => ({ fact: 'accountKind', is: kind });

function signInPart({ accounts, providers, signUp }: GuestIngredients): readonly PlannedStep[] {
  const settings: SignInSettings = {
    page: 'signuporsignin',
    accounts,
    providers,
    email,
    signUp: signUp !== undefined,
    newcomersFrom: signUp?.providers.map(({ id }) => id) ?? [],
    asksPrincipalNames: true,
    keepSignedIn: false,
    changes: ['forced', 'expired'],
  };
  const byCode: CodeSignInSettings = {
    accounts: ['emailCode'],
    email,
    signUp: signUp?.accounts.includes('emailCode') ?? false,
    guests: 'signIn',
  };
  return [
    { kind: 'signIn', when: [isUnknown], settings },
    ...(accounts.includes('emailCode')
      ? [{ kind: 'codeSignIn', when: [isUnknown, { fact: 'intent', is: 'signIn' }] as const, settings: byCode }]
      : []),
  ];
}

/** Who it is that wants an account, by everything but a password, which is chosen where the attributes are asked for. */
function provingPart({ accounts, providers }: GuestSignUp): readonly PlannedStep[] {
  const choice: CreateAccountSettings = { accounts, providers };
  const byCode: CodeSignInSettings = { accounts: ['emailCode'], email, signUp: true, guests: 'signUp' };
  const when = [...newcomer, isLocal];
  return [
    { kind: 'createAccount', when: [...when, { fact: 'accountKind', is: null }], settings: choice },
    ...(accounts.includes('emailCode')
      ? [{ kind: 'codeSignIn', when: [...when, chose('emailCode')], settings: byCode }]
      : []),
  ];
}

/** What they are asked for; APIs are asked before and after (b2c contract i rows 4-6, f.4). */
function askingPart({ accounts, page, connectors }: GuestSignUp): readonly PlannedStep[] {
  const { attributes, asksEmail, heading, intro } = page;
  const called = { audience: 'b2x', connectors, collection: page, returned: [] } as const;
  const { before, after } = attributeExtensionsPart(attributes, newcomer);
  const asked: SocialSignUpSettings = {
    attributes,
    ...(asksEmail ? { email: { label: page.email.label, proof: true } } : {}),
    ...(heading ? { heading } : {}),
    ...(intro ? { intro } : {}),
  };
  const local: LocalSignUpSettings = { account: 'emailWithPassword', email, attributes };
  const isAsked = attributes.length > 0 || asksEmail;
  return [
    ...postFederationPart(called),
    before,
    ...(accounts.includes('emailWithPassword')
      ? [{ kind: 'localSignUp', when: [...newcomer, isLocal], settings: local }]
      : []),
    ...(isAsked ? [{ kind: 'socialSignUp', when: [...newcomer, isForeign], settings: asked }] : []),
    after,
    ...postAttributePart(called),
  ];
}

function creatingPart({ accounts, providers, page, userType, connectors }: GuestSignUp): readonly PlannedStep[] {
  const common = {
    userType,
    unwritten: page.attributes.filter(({ isUnwritten }) => isUnwritten).map(({ id }) => id),
    needsAcceptance: true,
    ...(connectors.PostAttributeCollection === undefined ? {} : ({ needsApproval: true } as const)),
  } as const;
  const byCode = accounts.includes('emailCode') ? [mailProvider] : [];
  const guest: CreateGuestSettings = { ...common, providers: [...providers.map(({ id }) => id), ...byCode] };
  const local: CreateUserSettings = { ...common, accounts: ['emailWithPassword'], providers: [], email };
  return [
    { kind: 'createGuest', when: [...newcomer, isForeign], settings: guest },
    ...(accounts.some(hasPassword) ? [{ kind: 'createUser', when: [...newcomer, isLocal], settings: local }] : []),
  ];
}

const newPart = (signUp: GuestSignUp): readonly PlannedStep[] => [
  ...provingPart(signUp),
  ...askingPart(signUp),
  ...creatingPart(signUp),
];

/**
 * Sign-in at the tenant, where guests and everybody else come in, and for newcomers the way to an account where there is one (b2c contract
 * i). Whoever has an account sees nothing of a flow.
 */
export const guest = (ingredients: GuestIngredients): readonly PlannedStep[] => [
  ...signInPart(ingredients),
  ...(ingredients.signUp ? newPart(ingredients.signUp) : []),
  { kind: 'newPassword', when: [{ fact: 'mustChangePassword', isNot: null }], settings: {} },
  ...tokenClaimsPart,
];
