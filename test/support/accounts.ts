import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { seeded, type Usher } from './usher.ts';

/** A local account as an administrator makes one. */
export interface Account {
  readonly id: string;
  readonly email: string;
  readonly password: string;
}

/** An account of its own for one test; `properties` in the words of Graph. */
export async function newAccount(usher: Usher, properties: object = {}): Promise<Account> {
  const email = `p${randomBytes(6).toString('hex')}@contoso.example`;
  const response = await usher.graph('POST', '/v1.0/users', {
    displayName: 'Ada',
    identities: [{ signInType: 'emailAddress', issuer: seeded.tenant, issuerAssignedId: email }],
    passwordProfile: { password: seeded.password, forceChangePasswordNextSignIn: false },
    passwordPolicies: 'DisablePasswordExpiration',
    ...properties,
  });
  const made = (await response.json()) as { readonly id: string };
  assert.equal(response.status, 201, JSON.stringify(made));
  return { id: made.id, email, password: seeded.password };
}

/** Changes an account as an administrator does. */
export async function setAccount(usher: Usher, id: string, patch: object): Promise<void> {
  const response = await usher.graph('PATCH', `/v1.0/users/${id}`, patch);
  assert.equal(response.status, 204, await response.text());
}

/** Properties of an account by name; those that Graph returns only when asked for are asked for. */
export async function accountWith(
  usher: Usher,
  id: string,
  properties: readonly string[],
): Promise<Readonly<Record<string, unknown>>> {
  const response = await usher.graph('GET', `/beta/users/${id}?$select=${properties.join(',')}`);
  const found = (await response.json()) as Readonly<Record<string, unknown>>;
  assert.equal(response.status, 200, JSON.stringify(found));
  return found;
}
