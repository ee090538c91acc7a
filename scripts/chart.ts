/**
 * `node scripts/chart.ts`: renders the Helm chart anew into `test/golden/chart/`, once for each file of `test/deploy/values/`. Needs Helm, which
 * tests do without: they look at what was rendered, and notice by the digest in its first line that the chart has changed since.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { renew } from './renew.ts';

const root = new URL('../', import.meta.url);
const chart = 'deploy/helm/usher';

export const valueFiles: readonly string[] = globSync('test/deploy/values/*.yaml', { cwd: root }).sort();
export const renderedFile = (values: string): string => values.replace('test/deploy/values/', 'test/golden/chart/');

/** The first line of what is rendered: names the templates, the chart and the values that it was made of. */
export function originOf(values: string): string {
  const hash = createHash('sha256');
  for (const file of [
    ...globSync(`${chart}/templates/**/*.yaml`, { cwd: root }).sort(),
    `${chart}/templates/_helpers.tpl`,
    `${chart}/Chart.yaml`,
    `${chart}/values.yaml`,
    values,
  ])
    hash.update(`${file}\n`).update(readFileSync(new URL(file, root)));
  return `# Rendered by scripts/chart.ts of ${hash.digest('hex')}\n`;
}

/** What Helm makes of the chart, the release being called `login`. Throws what Helm says. */
export function render(values: string): string {
  const words = ['template', 'login', chart, '--namespace', 'identity', '--values', values];
  const { status, stdout, stderr, error } = spawnSync('helm', words, { cwd: root, encoding: 'utf8' });
  if (status !== 0) throw error ?? new Error(stderr);
  // Helm has no order for documents of one kind.
  const documents = stdout.split(/^---\n/m).filter((one) => one.trim() !== '');
  return documents
    .map((one) => `---\n${one.trimEnd()}\n`)
    .sort()
    .join('');
}

if (import.meta.main) {
  const files = valueFiles.map((values) => [renderedFile(values), `${originOf(values)}${render(values)}`] as const);
  const changed = renew(root, Object.fromEntries(files));
  process.stdout.write(changed.length > 0 ? changed.map((path) => `wrote ${path}\n`).join('') : 'nothing changed\n');
}
