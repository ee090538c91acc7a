import type { Facts } from './facts.ts';

/** Who has to agree before somebody gets an account. */
export interface NeededConsent {
  /** An API connector. */
  readonly needsApproval?: true;
  /** An extension, or that none listens for the application. */
  readonly needsAcceptance?: true;
}

/** Whether all that have to agree have agreed in this journey: the step that makes an account trusts no plan to have asked them. */
export const isConsented = (
  { isApproved, isAccepted }: Facts,
  { needsApproval, needsAcceptance }: NeededConsent,
): boolean => (!needsApproval || isApproved === true) && (!needsAcceptance || isAccepted === true);
