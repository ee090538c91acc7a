import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parse } from 'yaml';
import { observabilityPage, prometheusNames } from '../../scripts/observability.ts';
import { metricNames, metricOf, prometheusName } from '../../src/operations/index.ts';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

interface Alerts {
  readonly groups: readonly { readonly rules: readonly { readonly alert: string; readonly expr: string }[] }[];
}
interface Dashboard {
  readonly panels: readonly {
    readonly id: number;
    readonly title: string;
    readonly targets?: readonly { readonly expr: string; readonly legendFormat: string }[];
  }[];
}

const page = read('docs/observability.md');
const rules = (parse(read('deploy/observability/alerts.yaml')) as Alerts).groups.flatMap((group) => group.rules);
const dashboard = JSON.parse(read('deploy/observability/dashboard.json')) as Dashboard;
const targets = dashboard.panels.flatMap((panel) => panel.targets ?? []);

/** Words of PromQL that are no metric, and what Prometheus itself adds. */
const language = new Set(['sum', 'rate', 'increase', 'histogram_quantile', 'by', 'unless', 'or', 'and', 'on', 'up']);
const own = new Set(['le', 'instance', 'job']);

/** Names of metrics and of labels in an expression. */
function namesIn(expression: string): { readonly metrics: readonly string[]; readonly labels: readonly string[] } {
  const bare = expression.replaceAll(/"(?:[^"\\]|\\.)*"/g, '""').replaceAll(/\[[^\]]*\]/g, '');
  const listed = [...bare.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, list = '']) =>
    list.split(',').map((one) => one.trim()),
  );
  const matched = [...bare.matchAll(/(\w+)\s*(?:=~|!=|!~|=)\s*""/g)].map(([, label = '']) => label);
  const rest = bare.replaceAll(/\bby \([^)]*\)/g, 'by').replaceAll(/\{[^}]*\}/g, '');
  const words = [...rest.matchAll(/\b[a-z_][a-z0-9_]*\b/g)].map(([word]) => word);
  return { metrics: words.filter((word) => !language.has(word)), labels: [...listed, ...matched] };
}

const labelsOf = (metric: string): readonly string[] => {
  const name = metricNames.find(
    (one) => metric.replace(/_(?:bucket|sum|count)$/, '') === prometheusName(one) || metric === prometheusName(one),
  );
  return name ? metricOf(name).labels.map((label) => label.replaceAll('.', '_')) : [];
};

function assertKnown(expression: string): void {
  const { metrics, labels } = namesIn(expression);
  const known = new Set(prometheusNames());
  for (const metric of metrics) assert.ok(known.has(metric), `there is no metric '${metric}': ${expression}`);
  const told = new Set([...own, ...metrics.flatMap(labelsOf)]);
  for (const label of labels) assert.ok(told.has(label), `there is no label '${label}': ${expression}`);
  assert.equal(expression.split('(').length, expression.split(')').length, expression);
}

test('every metric and label that the alerts look at exists, and each alert says what to do', () => {
  assert.ok(rules.length >= 12);
  for (const { alert, expr } of rules) {
    assertKnown(expr);
    assert.match(page, new RegExp(`^### ${alert}$`, 'm'));
  }
  const headings = [...page.matchAll(/^### (Usher\w+)$/gm)].map(([, name]) => name);
  assert.deepEqual(
    headings,
    rules.map(({ alert }) => alert),
  );
});

test('every metric and label on the dashboard exists, and every metric is on it', () => {
  for (const { expr, legendFormat } of targets) {
    assertKnown(expr);
    const { labels, metrics } = namesIn(expr);
    for (const [, label = ''] of legendFormat.matchAll(/\{\{(\w+)\}\}/g)) {
      assert.ok(labels.includes(label) || (label === 'instance' && metrics.length === 1), `${legendFormat}: ${expr}`);
    }
  }
  const shown = new Set(
    targets.flatMap(({ expr }) => namesIn(expr).metrics.map((name) => name.replace(/_(?:bucket|sum|count)$/, ''))),
  );
  assert.deepEqual(
    metricNames.map(prometheusName).filter((name) => !shown.has(name)),
    [],
  );
  const ids = dashboard.panels.map(({ id }) => id);
  assert.equal(new Set(ids).size, ids.length);
});

test('a name that does not exist would be found', () => {
  assert.throws(() => assertKnown('sum(rate(usher_hash_refuse_total[5m]))'), /no metric/);
  assert.throws(() => assertKnown('sum by (person) (rate(usher_hash_refused_total[5m]))'), /no label/);
  assert.throws(() => assertKnown('usher_tokens_issued_total{tenant="x"}'), /no label/);
});

test('docs/observability.md has the metrics as they are declared (else: npm run golden)', () => {
  assert.equal(page, observabilityPage(page));
});
