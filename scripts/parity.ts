/**
 * The documented operations of Microsoft Graph that concern user flows, held against what the model offers: `docs/parity.md`. An operation
 * is real when it is offered, in which case the permission walk sends it; partial when it is real except for what is said; else absent.
 */
import { readFileSync } from 'node:fs';
import { inventory, pathText, protocolInventory } from '../src/graph/index.ts';
import type { Version } from '../src/model/index.ts';
import { excused } from '../test/support/golden/excused.ts';

interface Documented {
  readonly section: string;
  readonly method: string;
  readonly version: Version;
  readonly path: string;
}

interface Judged extends Documented {
  readonly status: 'real' | 'partial' | 'absent';
  /** Examples of the public reference that are replayed against it. */
  readonly examples: number;
  readonly lacks?: string;
}

/** What an operation that is offered does not do, by method and path. */
const partial: Readonly<Record<string, string>> = {};

const golden = (name: string): string =>
  readFileSync(new URL(`../test/golden/${name}`, import.meta.url), 'utf8').trimEnd();

export const documented: readonly Documented[] = golden('graph-operations.tsv')
  .split('\n')
  .map((line) => {
    const [section = '', method = '', version, path = ''] = line.split('\t');
    return { section, method, version: version === 'beta' ? 'beta' : 'v1.0', path };
  });

interface Example {
  readonly id: string;
  readonly version: string;
  readonly method: string;
  readonly url: string;
}

const examples: readonly Example[] = golden('graph-reference.jsonl')
  .split('\n')
  .map((line): Example => JSON.parse(line))
  .filter(({ id }) => !Object.hasOwn(excused, id));

const offered: ReadonlySet<string> = new Set(
  (['v1.0', 'beta'] as const).flatMap((version) =>
    [...inventory(version), ...protocolInventory(version)].map(({ httpMethod, path }) =>
      key(version, httpMethod, pathText(path)),
    ),
  ),
);

function key(version: string, method: string, path: string): string {
  return `${version} ${method} ${path.replaceAll(/\{[^}]*\}/g, '{}').toLowerCase()}`;
}

/** A key in an example's URL is a segment of its own or stands in parentheses; `getOrder()` is a call, not a key. */
function matches({ version, method, path }: Documented, example: Example): boolean {
  if (example.version !== version || example.method !== method) return false;
  const asked = (example.url.split('?')[0] ?? '')
    .replaceAll(/\('([^']*)'\)/g, '/$1')
    .replace(/\(\)$/, '')
    .replace(/\/$/, '');
  const pattern = path
    .replaceAll(/\('\{\w+\}'\)/g, '/{}')
    .replaceAll(/[.*+?^$()|[\]\\]/g, String.raw`\$&`)
    .replaceAll(/\{\w*\}/g, '[^/]+');
  return new RegExp(`^${pattern}$`, 'i').test(asked);
}

export const judged: readonly Judged[] = documented.map((operation) => {
  const { method, version, path } = operation;
  const lacks = partial[`${method} ${path}`];
  const status = !offered.has(key(version, method, path)) ? 'absent' : lacks === undefined ? 'real' : 'partial';
  const found = examples.filter((example) => matches(operation, example)).length;
  return { ...operation, status, examples: found, ...(lacks === undefined ? {} : { lacks }) };
});

const titles: Readonly<Record<string, string>> = {
  'b.1': 'User flows of B2C',
  'b.2': 'User flows for guests (B2X)',
  'b.3': 'User flows of every kind',
  'b.4': 'Identity providers of a flow',
  'b.5': 'Attribute assignments',
  'b.6': 'Languages and pages',
  'b.7': 'API connectors of a flow',
  'b.8': 'API connectors',
  'b.9': 'User flow attributes',
  'b.10': 'Identity providers',
  'b.11': 'Authentication events, first generation',
  'b.12': 'Authentication events, second generation',
  'b.13': 'Users, applications, logs, organization, protocol',
};

const count = (status: Judged['status']): number => judged.filter((one) => one.status === status).length;

/** The page `docs/parity.md`. */
export function parityPage(): string {
  return `# Parity with Microsoft Graph

Every documented operation on user flows and what they need, and whether this server has it. Printed from the model by \`npm run golden\`;
a test fails when the page is old. *real*: the management API offers it, and \`test/scenarios/permissions.test.ts\` sends it with each of its
permissions; what a sign-in acts on says the [README](../README.md). The last column counts the examples of the public reference that
\`test/scenarios/golden.test.ts\` replays against the operation, each on one storage engine, with \`npm run test:long\` on all.

Not here: groups, \`/me\`, directory roles, app role assignments, owners, subscriptions, licences, custom policies.

**${count('real')} real, ${count('partial')} partial, ${count('absent')} absent.**
${Object.entries(titles).map(section).join('')}`;
}

function section([id, title]: readonly [string, string]): string {
  const rows = new Map<string, Judged[]>();
  for (const one of judged.filter(({ section: at }) => at === id)) {
    const name = `${one.method} ${one.path}`;
    rows.set(name, [...(rows.get(name) ?? []), one]);
  }
  const lines = [...rows].map(([name, both]) => {
    const status = (version: Version) => both.find((one) => one.version === version)?.status ?? '–';
    const replayed = both.reduce((sum, one) => sum + one.examples, 0);
    const lacks = both.find((one) => one.lacks !== undefined)?.lacks;
    return `| \`${name}\` | ${status('v1.0')} | ${status('beta')} | ${lacks ?? (replayed || '')} |\n`;
  });
  return `
## ${title}

| operation | v1.0 | beta | examples |
|---|---|---|--:|
${lines.join('')}`;
}
