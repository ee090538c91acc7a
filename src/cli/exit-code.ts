import { Fault } from '../kernel/index.ts';

/** What each exit code means; 69 and 78 are those of sysexits. */
export const exitCodes: readonly (readonly [code: number, meaning: string])[] = [
  [0, 'ok'],
  [1, 'failure'],
  [2, 'usage: a wrong command, flag or argument'],
  [3, 'there is something to do: the tables of a database are not those of this version'],
  [69, 'a dependency is down'],
  [78, 'configuration: a setting, file or folder that cannot be used'],
];

const byCode: Readonly<Record<string, number>> = {
  'config.unknownFlag': 2,
  'config.missingValue': 2,
  'config.unexpectedValue': 2,
  'config.badFlag': 2,
  'config.repeatedFlag': 2,
  'config.conflict': 2,
  'config.unknownVariable': 78,
  'config.badVariable': 78,
  'config.unreadableFile': 78,
  'config.bothVariables': 78,
  'connectors.badSetting': 78,
  'store.unknownEngine': 78,
  'store.unusable': 78,
  'store.unreachable': 69,
};

/** The faults of this room carry their exit code as status. */
export function exitCodeOf(error: unknown): number {
  if (!(error instanceof Fault)) return 1;
  return byCode[error.code] ?? (error.code.startsWith('cli.') ? error.status : 1);
}

/** One sentence for a fault; the stack for a defect, which only its report can mend. */
export function describe(error: unknown): string {
  if (error instanceof Fault) return `usher: ${error.message}\n`;
  return `usher: unexpected error\n${error instanceof Error ? error.stack : String(error)}\n`;
}
