import { existsSync, readdirSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { systemClock } from '../../kernel/index.ts';
import { allTypes } from '../../model/index.ts';
import { backUpDatabase, type Copied, isInOrder, verifyBackup } from '../../store/index.ts';
import type { CommandContext, Terminal } from '../command.ts';
import { databaseUrlOf } from '../data-folder.ts';
import { faults } from '../faults.ts';

const usage = (problem: string) => faults.usage({ problem, command: 'backup' });

const keyReminder =
  'The encryption key is not in it: keep that apart, without it the stored secrets cannot be read (docs/backup.md).\n';

/** Rewrites one line where a person looks on; a script that keeps what is told gets none. */
function progressOn({ err, interactive }: Terminal) {
  if (!interactive) return undefined;
  let last = -1;
  return ({ done, of }: { readonly done: number; readonly of: number }): void => {
    const percent = of === 0 ? 100 : Math.floor((100 * done) / of);
    if (percent === last) return;
    last = percent;
    err(`\r${percent} %${percent === 100 ? ' copied, checking\n' : ''}`);
  };
}

/**
 * Lets a server on the same cores go first. Linux counts by threads, and those that copy are there already; elsewhere it is the process that
 * gives way.
 */
function giveWay(): void {
  const tasks = '/proc/self/task';
  const ids = existsSync(tasks) ? readdirSync(tasks).map(Number) : [process.pid];
  for (const id of ids)
    try {
      setPriority(id, constants.priority.PRIORITY_LOW);
    } catch {
      // It has ended, or this user may not: the copy is made all the same.
    }
}

const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;

function tell({ config, terminal }: CommandContext, file: string, { bytes, tenants, rows, state }: Copied): void {
  const holds = `${plural(tenants, 'tenant')}, ${plural(rows, 'row')}, ${plural(bytes, 'byte')}`;
  const version = isInOrder(state) ? '' : "; its tables are of another version: 'usher migrate up' changes them";
  const text = `${file} is whole: ${holds}${version}\n`;
  terminal.out(config.json ? `${JSON.stringify({ file, bytes, tenants, rows, state })}\n` : text);
}

async function copy(context: CommandContext, target: string): Promise<number> {
  const { config, terminal } = context;
  giveWay();
  const progress = progressOn(terminal);
  const options = { clock: systemClock, types: allTypes(), ...(progress ? { progress } : {}) };
  tell(context, target, await backUpDatabase(databaseUrlOf(config), target, options));
  terminal.err(keyReminder);
  return 0;
}

/** `usher backup TARGET`, of the database of `--data` or `--database`, and `usher backup verify FILE`. */
export async function backup(context: CommandContext): Promise<number> {
  const [first, file] = context.positionals;
  if (first === undefined) throw usage('Name the file to make.');
  if (first !== 'verify') {
    if (file !== undefined) throw usage('Name one file to make.');
    return copy(context, first);
  }
  if (file === undefined) throw usage('Name the file to verify.');
  tell(context, file, await verifyBackup(file, allTypes()));
  return 0;
}
