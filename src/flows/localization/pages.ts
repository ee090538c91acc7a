import { type EntityOf, type entities, fold } from '../../model/index.ts';

type FlowType = EntityOf<typeof entities.identityUserFlow>['userFlowType'];

/** Kinds of markup, with the versions that B2C's list of changes names, the newest first (b2c contract e.1). */
const contracts = {
  unified: ['2.1.14', '2.1.10', '2.1.7', '2.1.2', '2.1.1', '2.1.0', '1.2.0', '1.1.0', '1.0.0'],
  selfAsserted: [
    '2.1.26',
    '2.1.25',
    '2.1.22',
    '2.1.21',
    '2.1.19',
    '2.1.18',
    '2.1.17',
    '2.1.11',
    '2.1.9',
    '2.1.8',
    '2.1.1',
    '2.0.0',
    '1.2.0',
    '1.1.0',
    '1.0.0',
  ],
  multifactor: ['1.2.12', '1.2.8', '1.2.0', '1.1.0', '1.0.0'],
  providerSelection: ['1.2.3', '1.2.0', '1.1.0', '1.0.0'],
  error: ['1.2.5', '1.2.3', '1.2.2', '1.2.0', '1.1.0', '1.0.0'],
} as const;

/** A page that a user flow can show. */
export interface FlowPage {
  /** Content definition without `api.` (b2c contract e.1). */
  readonly id: string;
  readonly displayName: string;
  /** Of its markup, the newest first. */
  readonly versions: readonly string[];
  readonly shownIn: readonly FlowType[];
  /** Asks for the attributes that the flow collects. */
  readonly asksAttributes?: true;
  /** Offers the identity providers of the flow. */
  readonly offersProviders?: true;
  /** What the ids of its words begin with, where that is not its own id. */
  readonly words?: string;
}

const signsUp: readonly FlowType[] = ['signUp', 'signUpOrSignIn'];
const signsIn: readonly FlowType[] = ['signIn', 'signUpOrSignIn', 'profileUpdate'];
const withPages: readonly FlowType[] = ['signUp', 'signIn', 'signUpOrSignIn', 'passwordReset', 'profileUpdate'];

/** All pages of B2C flows. */
export const allPages: readonly FlowPage[] = [
  {
    id: 'signuporsignin',
    displayName: 'Unified sign up or sign in page',
    versions: contracts.unified,
    shownIn: ['signUpOrSignIn'],
    offersProviders: true,
  },
  {
    id: 'localaccountsignin',
    displayName: 'Sign in page',
    versions: contracts.unified,
    shownIn: ['signIn', 'profileUpdate'],
    offersProviders: true,
  },
  {
    id: 'idpselections',
    displayName: 'Identity provider selection page',
    versions: contracts.providerSelection,
    shownIn: [...signsUp, 'signIn', 'profileUpdate'],
    offersProviders: true,
  },
  {
    id: 'localaccountsignup',
    displayName: 'Local account sign up page',
    versions: contracts.selfAsserted,
    shownIn: signsUp,
    asksAttributes: true,
  },
  {
    // B2C spells it so.
    id: 'socialccountsignup',
    displayName: 'Social account sign up page',
    versions: contracts.selfAsserted,
    shownIn: signsUp,
    asksAttributes: true,
  },
  {
    id: 'localaccountpasswordreset',
    displayName: 'Forgot password page',
    versions: contracts.selfAsserted,
    shownIn: ['passwordReset', ...signsIn],
  },
  {
    id: 'selfasserted.profileupdate',
    displayName: 'Profile edit page',
    versions: contracts.selfAsserted,
    shownIn: ['profileUpdate'],
    asksAttributes: true,
  },
  { id: 'selfasserted', displayName: 'Other pages', versions: contracts.selfAsserted, shownIn: withPages },
  {
    id: 'phonefactor',
    displayName: 'Multifactor authentication page',
    versions: contracts.multifactor,
    shownIn: withPages,
  },
  {
    id: 'phoneSignIn',
    displayName: 'Phone signIn page',
    versions: contracts.selfAsserted,
    shownIn: ['signIn', 'signUpOrSignIn'],
  },
  { id: 'phoneSignUp', displayName: 'Phone signUp page', versions: contracts.selfAsserted, shownIn: signsUp },
  { id: 'error', displayName: 'Error page', versions: contracts.error, shownIn: withPages },
];

/** What guests see; the second one asks for their attributes (Graph contract a.4). */
const guestPages: readonly FlowPage[] = [
  {
    id: 'idpselections',
    displayName: 'Identity provider selection page',
    versions: contracts.providerSelection,
    shownIn: ['signUpOrSignIn'],
    offersProviders: true,
  },
  {
    id: 'selfasserted1_1',
    displayName: 'Attribute collection page',
    versions: contracts.selfAsserted,
    shownIn: ['signUpOrSignIn'],
    asksAttributes: true,
    words: 'socialccountsignup',
  },
];

/** The pages of a flow of this kind, in the order a person may meet them. */
export const pagesOf = (kind: 'b2c' | 'b2x', type: FlowType): readonly FlowPage[] =>
  (kind === 'b2x' ? guestPages : allPages).filter(({ shownIn }) => shownIn.includes(type));

/**
 * The page that a screen is shown on: its own, or the one it is a kind of (`selfasserted.totp` of `selfasserted`). Flows for guests have
 * names of their own for theirs, and say nothing on the others.
 */
export const pageOfScreen = (screenId: string, kind: 'b2c' | 'b2x' = 'b2c'): FlowPage | undefined =>
  kind === 'b2x'
    ? guestPages.find(({ id, words = id }) => fold(words) === fold(screenId))
    : (pageNamed(screenId) ?? pageNamed(screenId.replace(/\.[^.]*$/, '')));

/** Pages of a flow of this kind that ask for attributes; a claim that several of them list is listed by the first. */
export const askingPagesOf = (kind: 'b2c' | 'b2x'): readonly string[] =>
  (kind === 'b2x' ? guestPages : allPages).filter(({ asksAttributes }) => asksAttributes).map(({ id }) => id);

/** A page of a B2C flow by its id, without regard to case. */
export const pageNamed = (id: string): FlowPage | undefined => allPages.find((page) => fold(page.id) === fold(id));
