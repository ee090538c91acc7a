import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from '../support/usher.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** A change of the next version: where, the line it is put before, and the text. */
interface Change {
  readonly path: string;
  readonly before: string;
  readonly text: string;
}

/** What it adds: a numbered step of each engine, and a property of applications with a column and an index. */
export const novelty = 'upgradeNovelty';
const adding: readonly Change[] = [
  ...['postgres', 'sqlite'].map((engine) => ({
    path: `src/store/${engine}/steps.ts`,
    before: '\n];',
    text: "\n  { additive: true, text: 'CREATE TABLE novelty (a integer)' },",
  })),
  {
    path: 'src/model/entities/application.ts',
    before: '    displayName: string(',
    text: `    ${novelty}: string({ nullable: true, indexed: true }),\n`,
  },
];
/** A property that this version writes, and which has an index only there. */
const indexing: readonly Change[] = [
  {
    path: 'src/model/entities/application.ts',
    before: "maxLength: 1024, text: 'lines' }),\n    samlMetadataUrl",
    text: 'indexed: true, ',
  },
];

function makeVersion(changes: readonly Change[]): string {
  const folder = temporaryFolder();
  for (const part of ['src', 'bin', 'package.json']) cpSync(join(root, part), join(folder, part), { recursive: true });
  mkdirSync(join(folder, 'data'));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  for (const { path, before, text } of changes) {
    const file = join(folder, path);
    const source = readFileSync(file, 'utf8');
    const at = source.lastIndexOf(before);
    if (at < 0) throw new Error(`${path} has no '${before}' any more`);
    writeFileSync(file, source.slice(0, at) + text + source.slice(at));
  }
  return folder;
}

/** The program as it will be after an upgrade that only adds to the tables; its folder. */
export const nextVersion = (): string => makeVersion(adding);

/** The one after it, with a change that no program before it can follow. */
export const incompatibleVersion = (): string => makeVersion([...adding, ...indexing]);
