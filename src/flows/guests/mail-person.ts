import { mailIssuer, type User } from '../../identity/index.ts';
import { system } from '../../kernel/index.ts';
import type { ForeignFacts } from '../facts.ts';
import type { StepContext } from '../step.ts';

/** The provider that this server itself is for people who are known by an address alone (Graph contract c.5). */
export const mailProvider = 'EmailOtpSignup-OAUTH';

/** Who an address belongs to that the person has proved. `hasPassword`: an account of this tenant that a code does not open. */
export type MailPerson =
  | { readonly kind: 'known'; readonly user: User; readonly foreign?: ForeignFacts }
  | { readonly kind: 'hasPassword'; readonly user: User }
  | { readonly kind: 'unknown' };

/** What a code to an address proves of its owner (b2c contract i: issuer `mail`). */
export const mailFacts = (address: string): ForeignFacts => ({
  provider: mailProvider,
  issuer: mailIssuer,
  issuerAssignedId: address,
  email: address,
  isEmailVerified: true,
});

/**
 * Who has the address, now that it is proved. Whoever was invited under it has accepted by this: they came to the tenant of their own accord,
 * and have shown that they are meant.
 */
export async function personAt({ identity, note }: StepContext, address: string): Promise<MailPerson> {
  const { guests } = identity;
  const foreign = mailFacts(address);
  const guest = await guests.findByAddress(address);
  if (guest) return { kind: 'known', user: guest, foreign };
  const invited = await guests.findInvited(address);
  if (invited && (await guests.accept(system('redemption'), invited.id, foreign)) !== 'gone') {
    note({ what: 'invitation', came: 'accepted' });
    const accepted = await guests.findByAddress(address);
    if (accepted) return { kind: 'known', user: accepted, foreign };
  }
  const local = await identity.findBySignInName(address, ['email']);
  if (!local) return { kind: 'unknown' };
  // A code is less than the password that its owner has chosen.
  return { kind: local.passwordHash ? 'hasPassword' : 'known', user: local };
}
