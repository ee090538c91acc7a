/** People and what proves them: find, register, verify a credential; the rules of users and applications. */

export type { Identity, PasswordProof, Registration, User } from './identity.ts';
