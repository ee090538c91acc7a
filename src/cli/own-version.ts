import { readFileSync } from 'node:fs';

/** The package's own version; `package.json` lies above both `src/` and `dist/`. */
export function ownVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { readonly version: string }).version;
}
