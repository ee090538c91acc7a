import { digest, sameSecret } from '../kernel/index.ts';

/** What a form carries to prove that it was shown to this browser; tells nothing about the secret in the cookie. */
export const csrfToken = (browserSecret: string): string => digest(`csrf${browserSecret}`);

export const isCsrfToken = (token: string | undefined, browserSecret: string): boolean =>
  sameSecret(token ?? '', csrfToken(browserSecret));
