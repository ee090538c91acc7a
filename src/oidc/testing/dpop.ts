import { createHash } from 'node:crypto';
import { newId } from '../../kernel/index.ts';
import { type Claims, type ClientSigner, tokenUrl } from './assertion.ts';

/** A proof for a request to the token endpoint (RFC 9449 §4.2), changed by `changes`; undefined takes a claim away. */
export function dpopProof(
  signer: ClientSigner,
  now: number,
  { header = {}, ...changes }: Claims & { readonly header?: Claims } = {},
): string {
  const claims = { jti: newId(), htm: 'POST', htu: tokenUrl, iat: now, ...changes };
  const sent = Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined));
  return signer.sign(sent, { typ: 'dpop+jwt', jwk: signer.publicJwk, ...header });
}

/** What a proof says of the token it comes with. */
export const athOf = (token: string): string => createHash('sha256').update(token).digest('base64url');
