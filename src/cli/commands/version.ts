import type { CommandContext } from '../command.ts';
import { ownVersion } from '../own-version.ts';

export async function version({ config, terminal }: CommandContext): Promise<number> {
  const facts = { usher: ownVersion(), node: process.versions.node };
  terminal.out(config.json ? `${JSON.stringify(facts)}\n` : `usher ${facts.usher} (Node.js ${facts.node})\n`);
  return 0;
}
