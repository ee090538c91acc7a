import { openApi } from '../../graph/index.ts';
import type { CommandContext } from '../command.ts';
import { faults } from '../faults.ts';

/** `usher openapi`: the document that a server has at `/{version}/openapi.json`, for generators that run without one. */
export async function openapi({ positionals, terminal }: CommandContext): Promise<number> {
  const [version = 'beta'] = positionals;
  if (version !== 'beta' && version !== 'v1.0') {
    throw faults.usage({ problem: `There is no version '${version}'.`, command: 'openapi' });
  }
  terminal.out(`${JSON.stringify(openApi(version), null, 2)}\n`);
  return 0;
}
