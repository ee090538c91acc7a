import type { Caller } from '../kernel/index.ts';
import type { EntityOf, entities } from '../model/index.ts';

export type User = EntityOf<typeof entities.user>;

/** What a proof of password came to. `locked`: too many wrong ones lately; `disabled` is told only after a right password. */
export type PasswordProof =
  | { readonly kind: 'proved'; readonly user: User }
  | { readonly kind: 'wrong' }
  | { readonly kind: 'locked' }
  | { readonly kind: 'disabled' };

export interface Registration {
  readonly email: string;
  readonly passwordHash: string;
  /** Attribute values by attribute id (`displayName`, `extension_…`). */
  readonly attributes: Readonly<Record<string, string | number | boolean>>;
}

/** Finds, proves and creates people of one tenant; knows nothing of HTTP or of journeys. */
export interface Identity {
  /** A local account by its e-mail sign-in name, without regard to case. */
  findBySignInName(name: string): Promise<User | undefined>;
  find(userId: string): Promise<User | undefined>;
  /**
   * One hash is computed whether or not the account exists, so that neither answer nor time tells (product.md choice 11).
   * Wrong tries are counted per account and smart lockout applies (b2c contract j).
   */
  provePassword(signInName: string, password: string): Promise<PasswordProof>;
  /** Argon2id in a worker, in PHC format. Throws `identity.busy` (503) when the hash queue is full. */
  hashPassword(password: string): Promise<string>;
  /** What the tenant's password rules say about it: message ids, empty when it may be used. */
  checkPassword(
    password: string,
  ): readonly { readonly id: string; readonly values?: Readonly<Record<string, string>> }[];
  /** Creates a local account. Throws `identity.taken` when the e-mail is in use. */
  register(caller: Caller, registration: Registration): Promise<User>;
}
