/**
 * `npm run -s words -- <tag>`: what a translation still needs. Without a tag: how far all of them are. `--tidy`: puts the texts of every
 * language in the order of the English ones and drops those that English has no more.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { languageFlaws, tidied } from '../src/pages/testing/language-flaws.ts';
import { sameAsEnglish } from '../src/pages/testing/same-as-english.ts';
import type { WordTable } from '../src/pages/words.ts';

const folder = new URL('../src/pages/languages/', import.meta.url);
const fileOf = (tag: string): URL => new URL(`${tag}.json`, folder);
const read = (tag: string): string => readFileSync(fileOf(tag), 'utf8');
const say = (line: string): boolean => process.stdout.write(`${line}\n`);

const english = JSON.parse(read('en')) as WordTable;
const all = readdirSync(folder)
  .filter((name) => name.endsWith('.json') && name !== 'en.json')
  .map((name) => name.slice(0, -'.json'.length));

const flawsOf = (tag: string): readonly string[] =>
  languageFlaws({ tag, text: existsSync(fileOf(tag)) ? read(tag) : '{}' }, english, sameAsEnglish[tag]);

function tidy(tags: readonly string[]): void {
  for (const tag of tags) writeFileSync(fileOf(tag), tidied(JSON.parse(read(tag)) as WordTable, english));
}

const given = process.argv.slice(2);
const tags = given.filter((one) => !one.startsWith('--')).map((tag) => tag.toLowerCase());
if (given.includes('--tidy')) tidy(tags.length > 0 ? tags : all);

if (tags.length === 0) {
  for (const tag of all) say(`${tag}: ${flawsOf(tag).length} to do`);
  say(`${all.length} languages beside English, ${Object.keys(english).length} texts`);
}
for (const tag of tags) {
  const flaws = flawsOf(tag);
  for (const flaw of flaws) say(flaw);
  say(`${tag}: ${flaws.length} to do, ${Object.keys(english).length} texts`);
  if (flaws.length > 0) process.exitCode = 1;
}
