/** `npm run golden`: prints anew what is derived from code and kept beside it; tests compare the two. Tells which files changed. */

import { readFileSync } from 'node:fs';
import { optionReference } from '../src/cli/reference.ts';
import { metadataXml } from '../src/graph/metadata.ts';
import { journeysPage } from './journeys.ts';
import { limitsPage } from './limits.ts';
import { observabilityPage } from './observability.ts';
import { parityPage } from './parity.ts';
import { renew } from './renew.ts';

const changed = renew(new URL('../', import.meta.url), {
  'test/golden/metadata-v1.0.xml': metadataXml('v1.0'),
  'test/golden/metadata-beta.xml': metadataXml('beta'),
  'docs/configuration.md': optionReference(),
  'docs/parity.md': parityPage(),
  'docs/journeys.md': await journeysPage(),
  'docs/limits.md': limitsPage(),
  'docs/observability.md': observabilityPage(
    readFileSync(new URL('../docs/observability.md', import.meta.url), 'utf8'),
  ),
});
process.stdout.write(changed.length > 0 ? changed.map((path) => `wrote ${path}\n`).join('') : 'nothing changed\n');
