import type { Resolved } from '../kernel/index.ts';

/** Where a command writes. Results go to `out`, everything else to `err`, so that a script can read the one alone. */
export interface Terminal {
  out(text: string): void;
  err(text: string): void;
  /** True when a person reads `out`: colours are then allowed. */
  readonly interactive: boolean;
}

export interface CommandContext extends Resolved {
  readonly terminal: Terminal;
  /** All of them, for `help`. */
  readonly commands: readonly Command[];
}

/** Resolves to the exit code; throws a `Fault` otherwise. */
export type Run = (context: CommandContext) => Promise<number>;

/** One row of the list of commands; its code is loaded only when it is called. */
export interface Command {
  readonly name: string;
  readonly summary: string;
  /** What may follow the name, one line per form. */
  readonly forms: readonly string[];
  /** How many words may follow at most; the command itself tells when absent. */
  readonly operands?: number;
  load(): Promise<Run>;
}
