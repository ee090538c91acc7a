/** Argon2 parameters (RFC 9106 §3.1): memory in KiB, passes, lanes. */
export interface HashParameters {
  readonly memoryKib: number;
  readonly passes: number;
  readonly lanes: number;
}

/** What `hash-worker.js` is asked. Passwords arrive in their normal form; see `hasher.ts`. */
export type HashJob =
  | { readonly kind: 'hash'; readonly password: string; readonly parameters: HashParameters }
  | { readonly kind: 'verify'; readonly phc: string; readonly password: string };
