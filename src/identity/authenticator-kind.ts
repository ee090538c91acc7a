/** What can prove a person besides a password. `passkey`: a WebAuthn credential; `recoveryCode`: one of a list, good for one use. */
export const authenticatorKinds = ['email', 'phone', 'totp', 'passkey', 'recoveryCode'] as const;

export type AuthenticatorKind = (typeof authenticatorKinds)[number];
