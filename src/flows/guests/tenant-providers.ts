import type { Directory } from '../../directory/index.ts';
import { entities } from '../../model/index.ts';
import { offeredOf } from '../offered.ts';
import type { OfferedProvider } from '../plan.ts';
import { mailProvider } from './mail-person.ts';

/** Identity providers of a tenant: more cannot be made. */
const mostProviders = 300;

/** Seconds a session counts that a code to an address began (b2c contract j, "B2X OTP"). */
const mailSessionSeconds = 86_400;

/** Those that prove people elsewhere: whoever has an account comes in by any of them. */
export async function tenantProviders(directory: Pick<Directory, 'find'>): Promise<readonly OfferedProvider[]> {
  const { items } = await directory.find({ type: entities.identityProviderBase, limit: mostProviders });
  return offeredOf(directory, items);
}

/** By whom a session of the tenant may have been begun. */
export const provingFor = (providers: readonly OfferedProvider[]): readonly OfferedProvider[] => [
  ...providers,
  { id: mailProvider, name: 'E-mail', exchange: 'EmailOtpExchange', sessionSeconds: mailSessionSeconds },
];
