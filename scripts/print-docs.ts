/** Prints the pages of `docs/` that are derived from code; tests compare them with the files. */
import { writeFileSync } from 'node:fs';
import { optionReference } from '../src/cli/reference.ts';
import { parityPage } from './parity.ts';

const write = (name: string, text: string): void => writeFileSync(new URL(`../docs/${name}`, import.meta.url), text);

write('configuration.md', optionReference());
write('parity.md', parityPage());
