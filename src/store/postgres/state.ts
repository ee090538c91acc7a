import type { Catalogue } from '../catalogue.ts';
import type { State } from '../inspection.ts';
import { type Fragment, quoted, sql } from '../sql/fragment.ts';
import { fingerprint, type Outline, outlineOf, readOutline, stateFor } from '../sql/outline.ts';
import { postgresDefinitions } from './definitions.ts';
import { NotUsable } from './not-usable.ts';
import { steps } from './steps.ts';

type Ask = (statement: Fragment) => Promise<readonly Readonly<Record<string, unknown>>[]>;

/** What is in the schema. */
export interface Found {
  readonly state: State;
  /** Numbered steps that were taken. */
  readonly version: number;
  /** Numbers of all changes come from it; undefined where there is none. */
  readonly sequence: string | undefined;
  /** Of the program that the tables were made for; undefined for one that did not tell. */
  readonly outline: Outline | undefined;
}

export const ownOutline = (catalogue: Catalogue): Outline => outlineOf(catalogue, postgresDefinitions, steps);

/**
 * The sequence is renamed in the transaction that changes the tables in a way that older programs cannot follow: those that run find it no more, so
 * that they write nothing which would leave a column or side table out.
 */
export const sequenceFor = (outline: Outline): string => `sequence_${fingerprint(outline)}`;

/** Why a program that knows less than was done to the tables does not touch them; undefined for one that knows as much. */
export const tooNew = ({ state, version }: Found): NotUsable | undefined =>
  state === 'other' && version > steps.length
    ? new NotUsable(
        `it was written by a newer version (schema ${version}; this version knows up to ${steps.length}).`,
        'Run the newer version, or restore a copy from before.',
      )
    : undefined;

/** Looks into the schema with the eyes of a program. */
export async function lookInto(ask: Ask, schema: string, own: Outline): Promise<Found> {
  const relations = 'SELECT relname AS name FROM pg_class WHERE relnamespace = to_regnamespace(?)';
  const names = (await ask(sql(relations, schema))).map(({ name }) => String(name));
  const sequence = names.find((name) => name.startsWith('sequence_'));
  if (names.length === 0) return { state: 'empty', version: 0, sequence, outline: undefined };
  if (!names.includes('usher_migration')) return { state: 'other', version: 0, sequence, outline: undefined };
  const within = quoted(schema);
  const [last] = await ask(sql(`SELECT max(version) AS version FROM ${within}.usher_migration`));
  const version = Number(last?.['version'] ?? 0);
  const [kept] = names.includes('program') ? await ask(sql(`SELECT outline FROM ${within}.program`)) : [];
  const outline = kept && readOutline(String(kept['outline']));
  // Steps that the outline does not tell of were taken by a program that tells nothing.
  const state = sequence === undefined || outline?.version !== version ? 'other' : stateFor(own, outline);
  return { state, version, sequence, outline };
}
