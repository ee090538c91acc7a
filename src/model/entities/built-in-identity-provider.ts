import { entity } from '../entity.ts';
import { enumType, oneOf, string } from '../property.ts';
import { identityProviderBase } from './identity-provider-base.ts';

/** The published typings name the members and no values; these are their order. */
const identityProviderState = enumType('identityProviderState', { enabled: 0, disabled: 1, unknownFutureValue: 2 });

/** A provider the server itself is: e-mail with password, e-mail one-time passcode. */
export const builtInIdentityProvider = entity('builtInIdentityProvider', {
  base: identityProviderBase,
  properties: {
    identityProviderType: string({ access: 'create', required: true }),
    /** Null in every published example (Graph contract a.6). */
    state: oneOf(identityProviderState, { nullable: true, access: 'server' }),
  },
  source: 'https://learn.microsoft.com/graph/api/resources/builtinidentityprovider',
});
