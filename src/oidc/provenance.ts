import type { Arrival } from '../flows/index.ts';
import type { KeyRing } from './keys.ts';
import { sealProviderToken } from './provider-token.ts';
import type { Proof } from './session-jars.ts';
import type { Provenance } from './token-form.ts';

/** Who proved a person in place of this tenant, on the way from the end of a journey to the tokens. */
export type Foreign = NonNullable<Proof['foreign']> & {
  /** Opens the provider's own API; sealed. */
  readonly accessToken?: string;
};

export const foreignOf = (
  { provider, issuer, accessToken }: NonNullable<Arrival['foreign']>,
  ring: Pick<KeyRing, 'root'>,
): Foreign => ({
  provider,
  issuer,
  ...(accessToken === undefined ? {} : { accessToken: sealProviderToken(accessToken, ring) }),
});

/** What a session remembers: who, and nothing that opens anything. */
export const rememberedOf = (foreign: Foreign | undefined): Pick<Proof, 'foreign'> =>
  foreign ? { foreign: { provider: foreign.provider, issuer: foreign.issuer } } : {};

export const provenanceOf = (foreign: Foreign | undefined): Provenance =>
  foreign
    ? {
        identityProvider: foreign.issuer,
        ...(foreign.accessToken === undefined ? {} : { identityProviderAccessToken: foreign.accessToken }),
      }
    : {};
