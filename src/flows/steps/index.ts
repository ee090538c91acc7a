import { createAccount } from '../guests/create-account.ts';
import { createGuest } from '../guests/create-guest.ts';
import { redeem } from '../guests/redeem.ts';
import type { Step } from '../step.ts';
import { ageGate } from './age-gate.ts';
import { attributeCollectionStart } from './attribute-collection-start.ts';
import { attributeCollectionSubmit } from './attribute-collection-submit.ts';
import { codeSignIn } from './code-sign-in.ts';
import { conditionalAccess } from './conditional-access.ts';
import { createUser } from './create-user.ts';
import { keepAgeStep } from './keep-age.ts';
import { keepAuthenticators } from './keep-authenticators.ts';
import { localSignUp } from './local-sign-up.ts';
import { newPassword } from './new-password.ts';
import { passkeyOffer } from './passkey-offer.ts';
import { passkeySignUp } from './passkey-sign-up.ts';
import { postAttributeCollection } from './post-attribute-collection.ts';
import { postFederationSignup } from './post-federation-signup.ts';
import { preTokenIssuance } from './pre-token-issuance.ts';
import { profile } from './profile.ts';
import { recoveryCodes } from './recovery-codes.ts';
import { recoveryEmailStep } from './recovery-email.ts';
import { secondFactor } from './second-factor.ts';
import { signInStep } from './sign-in.ts';
import { signInBlock } from './sign-in-block.ts';
import { signUpChoice } from './sign-up-choice.ts';
import { socialSignUp } from './social-sign-up.ts';
import { tokenIssuanceStart } from './token-issuance-start.ts';
import { verifyAccount } from './verify-account.ts';

/** Every kind of step, one line each: what a journey can do. */
const all = [
  ageGate,
  keepAgeStep,
  signInStep,
  localSignUp,
  createUser,
  verifyAccount,
  newPassword,
  profile,
  codeSignIn,
  recoveryEmailStep,
  signInBlock,
  signUpChoice,
  conditionalAccess,
  secondFactor,
  recoveryCodes,
  keepAuthenticators,
  passkeySignUp,
  passkeyOffer,
  postFederationSignup,
  postAttributeCollection,
  preTokenIssuance,
  socialSignUp,
  attributeCollectionStart,
  attributeCollectionSubmit,
  tokenIssuanceStart,
  createAccount,
  createGuest,
  redeem,
];

// A plan's settings were made by `compile` for exactly this kind, so the registry need not know their types.
export const steps: ReadonlyMap<string, Step> = new Map(all.map((step) => [step.kind, step as unknown as Step]));
