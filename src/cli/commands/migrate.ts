import { maskedUrl, systemClock } from '../../kernel/index.ts';
import { allTypes } from '../../model/index.ts';
import { inspectDatabase, isInOrder, openDatabase, type State } from '../../store/index.ts';
import type { CommandContext } from '../command.ts';
import { databaseUrlOf, shownDatabaseOf } from '../data-folder.ts';
import { faults } from '../faults.ts';
import { createLog } from '../logger.ts';

const words: Readonly<Record<State, string>> = {
  current: 'has the tables of this version',
  newer: 'has tables of a later version, on which this one may work',
  other: "has other tables than this version: 'usher migrate up' changes them",
  empty: "has no tables yet: 'usher migrate up' makes them",
};

/** A database that is not there yet is empty. Throws `cli.failed` for one that no migration mends. */
async function stateOf(url: string): Promise<State> {
  const { state, defects } = (await inspectDatabase(url, allTypes())) ?? { state: 'empty', defects: [] };
  const [defect] = defects.filter(({ minor }) => !minor);
  if (defect) throw faults.failed({ reason: `${maskedUrl(url)}: ${defect.words} ${defect.cure}` });
  return state;
}

function tell({ config, terminal }: CommandContext, state: State, changed: boolean): void {
  const database = shownDatabaseOf(config);
  const text = changed ? `${database} has been brought up to this version\n` : `${database} ${words[state]}\n`;
  terminal.out(config.json ? `${JSON.stringify({ database, state, changed })}\n` : text);
}

/** Exit code 3 when there is something to do. */
async function status(context: CommandContext): Promise<number> {
  const state = await stateOf(databaseUrlOf(context.config));
  tell(context, state, false);
  return isInOrder(state) ? 0 : 3;
}

/** One process at a time; whoever comes second waits (PostgreSQL) or is told so (SQLite). */
async function up(context: CommandContext): Promise<number> {
  const { config } = context;
  const url = databaseUrlOf(config);
  const before = await stateOf(url);
  const isReady = isInOrder(before);
  if (!isReady) {
    const observe = await createLog(config.logLevel);
    const database = await openDatabase(url, { clock: systemClock, observe, types: allTypes(), migrate: 'always' });
    await database.close();
  }
  tell(context, isReady ? before : 'current', !isReady);
  return 0;
}

const verbs: Readonly<Record<string, (context: CommandContext) => Promise<number>>> = { up, status };

/** `usher migrate up|status`, on the database of `--data` or `--database`. */
export async function migrate(context: CommandContext): Promise<number> {
  const [verb = ''] = context.positionals;
  const act = Object.hasOwn(verbs, verb) ? verbs[verb] : undefined;
  if (!act) {
    const problem = verb === '' ? "Say 'up' or 'status'." : `There is no 'migrate ${verb}'.`;
    throw faults.usage({ problem, command: 'migrate' });
  }
  return act(context);
}
