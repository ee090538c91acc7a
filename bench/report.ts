import { readFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { type Figure, median, spreadOf } from './measure.ts';

/** What was promised, and what was measured. */
export interface Row {
  readonly goal: string;
  readonly unit: '' | '×' | '/s' | 'ms' | 'MB';
  readonly better: 'more' | 'less';
  readonly must: number;
  readonly aim: number;
  /** Not a number where it was not measured; `why` then says so. */
  readonly measured: number;
  /** As `Figure.spread`. */
  readonly spread?: number;
  readonly why?: string;
}

/** What one name of `npm run bench` gives. */
export interface Result {
  readonly figures: readonly Figure[];
  readonly rows: readonly Row[];
  /** What neither a figure nor a goal holds, in sentences. */
  readonly remarks?: readonly string[];
}

/** What a goal is measured by. */
export interface Found {
  readonly unit: Row['unit'];
  /** Of every round. */
  readonly values: readonly number[];
}

/** A promise, and how it is measured: by figures, which it calls by their keys. `why`: what is to be said where one of them is missing. */
export interface Goal extends Pick<Row, 'goal' | 'better' | 'must' | 'aim' | 'why'> {
  readonly by: { readonly keys: readonly string[]; found(figures: readonly Figure[]): Found };
}

const byRound = (one: Figure | undefined, other: Figure | undefined): readonly number[] =>
  (one?.rounds ?? []).map((value, at) => value / (other?.rounds[at] ?? Number.NaN));

/** Operations a core does in a second, as a part of those of the floor. */
export const share = (of: string, floor: string): Goal['by'] => ({
  keys: [of, floor],
  found: ([one, other]) => ({ unit: '', values: byRound(other, one) }),
});

/** Operations a core does in a second, as a multiple of what another server does. */
export const multiple = (of: string, other: string): Goal['by'] => ({
  keys: [of, other],
  found: ([one, compared]) => ({ unit: '×', values: byRound(compared, one) }),
});

/** Processor time, as a multiple of the floor's. */
export const cost = (of: string, floor: string): Goal['by'] => ({
  keys: [of, floor],
  found: ([one, other]) => ({ unit: '×', values: byRound(one, other) }),
});

/** Operations a core does in a second. */
export const perCore = (of: string): Goal['by'] => ({
  keys: [of],
  found: ([one]) => ({ unit: '/s', values: (one?.rounds ?? []).map((cpu) => 1e6 / cpu) }),
});

/** The row of a goal; none when something that it needs was left out. */
export function rowOf({ by, why, ...goal }: Goal, figures: readonly Figure[]): Row | undefined {
  const needed = by.keys.map((key) => figures.find((figure) => figure.key === key));
  const there = needed.filter((figure) => figure !== undefined);
  if (there.length < needed.length)
    return why === undefined || !needed[0] ? undefined : { ...goal, unit: '×', measured: Number.NaN, why };
  const { unit, values } = by.found(there);
  return { ...goal, unit, measured: median(values), spread: spreadOf(values) };
}

export function verdict({ better, must, aim, measured }: Row): string {
  if (Number.isNaN(measured)) return 'not measured';
  const reaches = (bound: number) => (better === 'more' ? measured >= bound : measured <= bound);
  return reaches(aim) ? 'aim' : reaches(must) ? 'must' : 'MISSED';
}

export function machine(): string {
  const [{ model = 'unknown' } = {}] = cpus();
  return `${cpus().length} × ${model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GB, ${system()}, Node.js ${process.version}`;
}

function system(): string {
  try {
    return /PRETTY_NAME="(.*)"/.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? process.platform;
  } catch {
    return process.platform;
  }
}

export const digits = (value: number): string => value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0);
export const cell = (text: string, width: number): string => text.padStart(width);
const percent = (part: number | undefined): string => (part === undefined ? '' : `±${(part * 100).toFixed(0)} %`);

export function printed({ figures, rows, remarks = [] }: Result): string {
  const lines: string[] = [];
  if (figures.length > 0)
    lines.push(
      `${'CPU of the process, all threads'.padEnd(54)}${['µs each', 'spread', '/s/core', '/s', 'p50 ms', 'p99 ms'].map((head) => cell(head, 9)).join('')}`,
    );
  for (const { name, cpu, spread, perSecond, p50, p99 } of figures) {
    const cells = [cpu.toFixed(0), percent(spread), digits(1e6 / cpu), digits(perSecond), digits(p50), digits(p99)];
    lines.push(`${name.padEnd(54)}${cells.map((text) => cell(text, 9)).join('')}`);
  }
  if (rows.length > 0)
    lines.push(
      '',
      `${'goal'.padEnd(70)}${['measured', 'spread', 'must', 'aim'].map((head) => cell(head, 10)).join('')}  reached`,
    );
  for (const row of rows) {
    const amount = (value: number) => `${digits(value)}${row.unit === '' ? '' : ` ${row.unit}`}`;
    const cells = [amount(row.measured), percent(row.spread), amount(row.must), amount(row.aim)];
    lines.push(`${row.goal.padEnd(70)}${cells.map((text) => cell(text, 10)).join('')}  ${verdict(row)}`);
    if (row.why) lines.push(`    ${row.why}`);
  }
  return [...lines, ...remarks.map((remark) => `\n${remark}`)].join('\n');
}

/** Goals as a table of Markdown, for `docs/performance.md`. */
export function table(rows: readonly Row[]): string {
  const line = ({ goal, unit, must, aim, measured, spread, ...row }: Row) => {
    const amount = (value: number) => (Number.isNaN(value) ? '–' : `${digits(value)}${unit === '' ? '' : ` ${unit}`}`);
    const reached = verdict({ goal, unit, must, aim, measured, ...row });
    return `| ${goal} | ${amount(must)} | ${amount(aim)} | ${amount(measured)} | ${percent(spread)} | ${reached} |`;
  };
  return ['| goal | must | aim | measured | spread | reached |', '|---|--:|--:|--:|--:|---|', ...rows.map(line)].join(
    '\n',
  );
}
