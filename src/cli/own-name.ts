import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * How a person in `folder` calls this program. `npx usher` finds it in a folder where it is installed and at the top of a
 * checkout; from elsewhere `npx` would fetch whatever package of that name the registry has, so a checkout gives the path.
 */
export function ownNameIn(folder: string): string {
  const program = fileURLToPath(new URL('../../bin/usher.mjs', import.meta.url));
  const checkout = import.meta.url.endsWith('.ts');
  const path = relative(folder, program);
  return checkout && path !== join('bin', 'usher.mjs') ? `node ${path}` : 'npx usher';
}

export const ownName = ownNameIn(process.cwd());
