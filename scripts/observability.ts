import { metricNames, metricOf, prometheusName } from '../src/operations/index.ts';

const [begin, end] = ['<!-- printed by npm run golden -->', '<!-- end of what is printed -->'];

/** What Prometheus writes a histogram as: the name with `_bucket`, `_sum` and `_count` behind it. */
export const prometheusNames = (): readonly string[] =>
  metricNames.flatMap((name) => {
    const named = prometheusName(name);
    return metricOf(name).kind === 'histogram' ? ['_bucket', '_sum', '_count'].map((end) => `${named}${end}`) : [named];
  });

function metricsTable(): string {
  const rows = metricNames.map((name) => {
    const { kind, labels, sentence, unit } = metricOf(name);
    const told = labels.map((label) => `\`${label.replaceAll('.', '_')}\``).join(', ');
    return `| \`${prometheusName(name)}\` | \`${name}\` (${unit}) | ${kind} | ${told} | ${sentence} |`;
  });
  return ['| in Prometheus | in OpenTelemetry | kind | labels | meaning |', '|---|---|---|---|---|', ...rows].join(
    '\n',
  );
}

/** `docs/observability.md` with the table of metrics as they are declared; everything around it is written by hand. */
export function observabilityPage(page: string): string {
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`docs/observability.md needs '${begin}' and '${end}'`);
  return `${page.slice(0, from)}${begin}\n\n${metricsTable()}\n\n${page.slice(to)}`;
}
