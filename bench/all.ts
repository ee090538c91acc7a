import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hint } from './hint.ts';
import type { Result, Row } from './report.ts';

/** Nothing that `all` measures may take longer, so that one that hangs does not hold up the rest. Milliseconds. */
const longest = 600_000;

/**
 * One bench in a process of its own, ended with everything that it started. Gives what it printed; rejects when it failed or took too long.
 */
async function measured(name: string, options: readonly string[]): Promise<string> {
  const program = [join(import.meta.dirname, 'run.ts'), name, '--json', ...options];
  const child = spawn(process.execPath, program, { detached: true, stdio: ['ignore', 'pipe', 'inherit'] });
  const end = () => {
    try {
      if (child.pid) process.kill(-child.pid);
    } catch {
      // It has ended already.
    }
  };
  const stop = () => {
    end();
    process.exit(130);
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);
  const late = setTimeout(end, longest);
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  try {
    const [code, signal] = await once(child, 'close');
    if (code !== 0) throw new Error(signal ? `it was ended after ${longest / 1000} s` : `it ended with ${code}`);
    return text;
  } finally {
    clearTimeout(late);
    end();
    process.off('SIGINT', stop).off('SIGTERM', stop);
  }
}

/** JSON knows no NaN. */
const revived = (row: Row): Row => ({ ...row, measured: row.measured ?? Number.NaN });

function readResult(file: string): Result {
  const { figures, rows, remarks } = JSON.parse(readFileSync(file, 'utf8')) as Result;
  return { figures, rows: rows.map(revived), ...(remarks ? { remarks } : {}) };
}

/**
 * Runs one bench after another and keeps what each gives in a file of the folder. What has a file there is not measured again, so that a run that
 * was ended goes on where it was. What failed says so in its result, and has no file.
 */
export async function measureAll(
  names: readonly string[],
  folder: string,
  options: readonly string[],
): Promise<Readonly<Record<string, Result>>> {
  mkdirSync(folder, { recursive: true });
  const results: Record<string, Result> = {};
  for (const name of names) {
    const file = join(folder, `${name}.json`);
    try {
      hint(existsSync(file) ? `${name} is in ${file}` : `${name} …`);
      if (!existsSync(file)) writeFileSync(file, await measured(name, options));
      results[name] = readResult(file);
    } catch (error) {
      const remark = `${name} was not measured: ${error instanceof Error ? error.message : error}.`;
      hint(remark);
      results[name] = { figures: [], rows: [], remarks: [remark] };
    }
  }
  return results;
}
