import { providerActions } from '../foreign.ts';
import { maskedAddress } from '../masked.ts';
import { wordsOf } from '../page-words.ts';
import type { OfferedProvider } from '../plan.ts';
import { type Proof, type ProofControl, proofWords, verificationOf } from '../proof/control.ts';
import type { Field, Message, Screen } from '../screen.ts';
import { foreignWords } from '../steps/foreign-turn.ts';

/** B2C has no page for it. */
export const redeemPage = 'selfasserted';

const { word, failure } = wordsOf(redeemPage);

export const redeemControl: ProofControl = {
  field: 'email',
  control: 'emailVerificationControl',
  channel: 'email',
  purpose: 'addressVerification',
  screenId: redeemPage,
  isFixed: true,
};

/** What the page shows of an invitation. */
export interface RedeemView {
  readonly email: string;
  readonly tenant: string;
  readonly proof: Proof;
  readonly providers: readonly OfferedProvider[];
}

/** The invited address is not told to who has no more than the link. */
export function redeemScreen(
  { email, tenant, proof, providers }: RedeemView,
  remarks: { readonly messages?: readonly Message[]; readonly proof?: readonly Message[] } = {},
): Screen {
  const field: Field = {
    name: redeemControl.field,
    input: 'text',
    label: { id: 'attribute.email' },
    required: true,
    readOnly: true,
    value: maskedAddress(email),
  };
  return {
    id: redeemPage,
    heading: word('redeem_heading'),
    intro: word('redeem_intro', { tenant }),
    messages: remarks.messages ?? [],
    verification: verificationOf(redeemControl, proof, remarks.proof),
    fields: [field],
    actions: [{ name: 'continue', label: word('button_continue'), style: 'primary' }, ...providerActions(providers)],
  };
}

/** There is nothing to accept any more, or not as this person. */
export const redeemEnd = (name: 'redeem_over' | 'redeem_taken'): Screen => ({
  id: redeemPage,
  heading: word('redeem_heading'),
  messages: [failure(name)],
  fields: [],
  actions: [],
});

export const redeemWords: readonly string[] = [
  'attribute.email',
  ...proofWords(redeemPage),
  ...foreignWords(redeemPage),
  ...['redeem_heading', 'redeem_intro', 'redeem_over', 'redeem_taken', 'redeem_unconfirmed', 'button_continue'].map(
    (name) => `${redeemPage}.${name}`,
  ),
];
