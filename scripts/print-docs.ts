/** Prints the pages of `docs/` that are derived from code; tests compare them with the files. */
import { writeFileSync } from 'node:fs';
import { optionReference } from '../src/cli/reference.ts';

writeFileSync(new URL('../docs/configuration.md', import.meta.url), optionReference());
