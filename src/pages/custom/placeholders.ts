import { randomBytes } from 'node:crypto';

/** Nobody can write it in a template. */
export const secretName = `usher-${randomBytes(8).toString('hex')}`;

/** In place of pictures that are known only when the page is shown. */
export const placeholders = {
  logo: `https://logo.${secretName}.invalid/`,
  background: `https://background.${secretName}.invalid/`,
} as const;
