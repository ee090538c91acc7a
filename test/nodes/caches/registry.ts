import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import type { Cache } from './cache.ts';

const root = new URL('../../../', import.meta.url);

/** What is told of changes: so many in each file of the code. */
const following = /\b(?:createChangeCache|createTermIndex)(?:<[^(]*>)?\(|directory\.onChange\(/g;

/** What keeps things in memory by itself, and is told of nothing. */
const keeping = /\bcreateLru(?:<[^(]*>)?\(/g;

/** Those that others are made with, and one that only looks for work once more. */
const noCaches: readonly string[] = [
  'src/directory/change-cache.ts',
  'src/directory/term-index.ts',
  'src/webhooks/couriers.ts',
];

/** Why something that is kept need not follow changes, by the file that keeps it. */
const others: Readonly<Record<string, string>> = {
  'src/connectors/outside/connections.ts': 'connections',
  'src/directory/change-cache.ts': 'what caches are made with',
  'src/federation/documents.ts': 'documents of others, which say how long they are good for',
  'src/flows/age/countries.ts': 'names of countries by language',
  'src/flows/attributes/pattern.ts': 'patterns that take too long',
  'src/flows/callouts/circuit-breaker.ts': 'failures that this process has seen',
  'src/flows/journey-seal.ts': 'plans under the digest of their own text',
  'src/graph/options/projection.ts': 'lists of names, taken apart',
  'src/http/compress.ts': 'what programs accept, taken apart',
  'src/flows/localization/lookup.ts': 'tags of languages, taken apart',
  'src/graph/page-token.ts': 'keys that follow from the key of the server',
  'src/kernel/budget.ts': 'what strangers have asked of this process',
  'src/oidc/api-token.ts': 'tokens under the key that signed them, which is asked for each time, as is the application',
  'src/oidc/bearer.ts': 'what a token says; keys and application are asked for each time',
  'src/oidc/jwt.ts': 'which key has signed what, which never changes',
  'src/oidc/standards/remote-keys.ts': 'documents of others, for a bounded time',
  'src/pages/custom/templates.ts': 'documents of others, which say how long they are good for',
  'src/pages/phone.ts': 'names of countries by language',
  'src/pages/prepared.ts': 'pages under all that they are made of',
  'src/pages/words.ts': 'forms of numbers by language',
  'src/store/sql/known-rows.ts': 'rows under the number of the write that made them',
  'src/store/sqlite/steady.ts': 'answers of a database that no other process writes',
};

function countsOf(pattern: RegExp): Readonly<Record<string, number>> {
  const files = globSync('src/**/*.ts', { cwd: root, exclude: ['**/*.test.ts', '**/testing/**'] }).sort();
  const counts = files.map(
    (file) => [file, readFileSync(new URL(file, root), 'utf8').match(pattern)?.length ?? 0] as const,
  );
  return Object.fromEntries(counts.filter(([, count]) => count > 0));
}

/** Throws when the code keeps something that is not on the list: then it is to be added, with a probe or with a reason. */
export function demandWhole(caches: readonly Cache[]): void {
  const followers = countsOf(following);
  const listed = Object.entries(followers).filter(([file]) => !noCaches.includes(file));
  const byOwnMeans = caches.filter(({ file }) => !(file in followers)).map(({ file }) => file);
  for (const [file, count] of listed) {
    assert.equal(caches.filter((cache) => cache.file === file).length, count, `${file} wants a probe for each cache`);
  }
  const known = [...byOwnMeans, ...Object.keys(others), 'src/kernel/lru.ts'];
  const unknown = Object.keys(countsOf(keeping)).filter((file) => !known.includes(file));
  assert.deepEqual(unknown, [], 'it wants a probe, or a reason why it need not follow changes');
}
