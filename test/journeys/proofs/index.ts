import type { Chapter } from '../proof.ts';
import { accounts } from './accounts.ts';
import { ages } from './ages.ts';
import { attributes } from './attributes.ts';
import { factors } from './factors.ts';
import { languages } from './languages.ts';
import { looks } from './looks.ts';
import { passkeyProofs } from './passkeys.ts';
import { passwords } from './passwords.ts';
import { sessions } from './sessions.ts';
import { tokens } from './tokens.ts';
import { versions } from './versions.ts';

/** Every proof that a setting acts, a file for each subject. */
export const chapters: readonly Chapter[] = [
  factors,
  accounts,
  languages,
  looks,
  tokens,
  sessions,
  ages,
  versions,
  passwords,
  attributes,
  passkeyProofs,
];
