import type { CommandContext } from './command.ts';

/** The facts of the ready line. */
export interface ReadyFacts {
  readonly url: string;
  readonly port: number;
  readonly managementUrl: string;
}

/** Tells people and scripts that requests are answered from now on. */
export const tellReady = ({ config, terminal }: CommandContext, facts: ReadyFacts): void =>
  terminal.out(config.json ? `${JSON.stringify({ event: 'ready', ...facts })}\n` : `ready ${facts.url}\n`);
