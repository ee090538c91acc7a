import { readFileSync } from 'node:fs';
import type { CommandContext } from '../command.ts';

/** The package's own version; `package.json` lies above both `src/` and `dist/`. */
function ownVersion(): string {
  const text = readFileSync(new URL('../../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { readonly version: string }).version;
}

export async function version({ config, terminal }: CommandContext): Promise<number> {
  const facts = { usher: ownVersion(), node: process.versions.node };
  terminal.out(config.json ? `${JSON.stringify(facts)}\n` : `usher ${facts.usher} (Node.js ${facts.node})\n`);
  return 0;
}
