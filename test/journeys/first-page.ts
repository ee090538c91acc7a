import assert from 'node:assert/strict';
import { type FlowKind, flowKinds } from './settings.ts';

/** Kinds of flow that show something to somebody. */
export const withPages = flowKinds.filter((kind) => kind !== 'resourceOwner');

/** The page that each kind of flow begins with. */
const firstPages: Readonly<Record<Exclude<FlowKind, 'resourceOwner'>, string>> = {
  signUpOrSignIn: 'signuporsignin',
  signUp: 'localaccountsignup',
  signIn: 'localaccountsignin',
  passwordReset: 'localaccountpasswordreset',
  profileUpdate: 'localaccountsignin',
};

export const firstPageOf = (kind: FlowKind): string => (kind === 'resourceOwner' ? assert.fail() : firstPages[kind]);
