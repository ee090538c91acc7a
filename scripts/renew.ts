import { existsSync, readFileSync, writeFileSync } from 'node:fs';

/** Writes the texts that differ from the files below `root`, by path, and returns the paths of those. */
export function renew(root: URL, texts: Readonly<Record<string, string>>): readonly string[] {
  const differing = Object.entries(texts).filter(([path, text]) => {
    const file = new URL(path, root);
    return !existsSync(file) || readFileSync(file, 'utf8') !== text;
  });
  for (const [path, text] of differing) writeFileSync(new URL(path, root), text);
  return differing.map(([path]) => path);
}
