import { readFileSync } from 'node:fs';
import { cell, digits, type Result, type Row } from './report.ts';

/** Every goal of one run, by name of its bench. */
export interface Run {
  readonly command: string;
  readonly date: string;
  readonly machine: string;
  readonly results: Readonly<Record<string, Result>>;
}

const tolerated = 0.15;

const rowsOf = ({ results }: Run): readonly Row[] => Object.values(results).flatMap(({ rows }) => rows);

/** A run that `all` wrote. Throws when the file holds something else. */
export function readRun(file: string): Run {
  const run = JSON.parse(readFileSync(file, 'utf8')) as Partial<Run>;
  const { results, command = '', date = '', machine = '' } = run;
  if (typeof results !== 'object') throw new Error(`${file} holds no results of 'all'.`);
  return { results, command, date, machine };
}

/** Whether a run agrees with an earlier one; what one of them did not measure is left out. */
export function compared(now: Run, before: Run): string {
  const known = new Map(rowsOf(before).map((row) => [row.goal, row.measured]));
  const lines = [`${'goal'.padEnd(70)}${['before', 'now', 'change'].map((head) => cell(head, 10)).join('')}`];
  let [apart, all] = [0, 0];
  for (const { goal, measured } of rowsOf(now)) {
    // What was not measured is null in JSON.
    const earlier = known.get(goal) ?? Number.NaN;
    const change = measured / earlier - 1;
    if (!Number.isFinite(change)) continue;
    const far = Math.abs(change) > tolerated;
    all += 1;
    apart += far ? 1 : 0;
    const told = [digits(earlier), digits(measured), `${(change * 100).toFixed(0)} %`];
    lines.push(`${goal.padEnd(70)}${told.map((text) => cell(text, 10)).join('')}${far ? '  more than 15 %' : ''}`);
  }
  return [...lines, '', `${all - apart} of ${all} goals within 15 % of the run of ${before.date}.`].join('\n');
}
