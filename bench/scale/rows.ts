import { system } from '../../src/kernel/index.ts';
import { entities } from '../../src/model/index.ts';
import { insert } from '../../src/store/sql/entity.ts';
import type { Value } from '../../src/store/sql/fragment.ts';
import type { TransactionParts } from '../../src/store/sql/record.ts';

/** Rows of one table, in columns that are the same for all of them. */
export interface Rows {
  readonly columns: readonly string[];
  readonly rows: (readonly Value[])[];
}

type Values = Readonly<Record<string, unknown>>;

/**
 * Collects what the store would write for new users, by table: plays its own script for an insertion, without asking a database. Numbers are
 * drawn from `first` on.
 */
export class Recorder {
  readonly #parts: Omit<TransactionParts, 'changes'>;
  readonly #tables = new Map<string, Rows>();
  readonly #shapes = new Map<string, { readonly table: string; readonly columns: readonly string[] }>();
  #number: number;

  constructor(parts: Omit<TransactionParts, 'changes'>, first: number) {
    this.#parts = parts;
    this.#number = first;
  }

  /** The last number drawn. */
  get number(): number {
    return this.#number;
  }

  add(id: string, values: Values): void {
    const script = insert(
      { ...this.#parts, changes: [] },
      { ref: { type: entities.user, id }, values },
      system('bench'),
    );
    let step = script.next();
    while (!step.done) {
      const ask = step.value;
      if (ask.wanted === 'number') {
        this.#number += 1;
        step = script.next(this.#number);
      } else if (ask.wanted === 'count') {
        step = script.next(this.#write(ask.statement.sql, ask.statement.values));
      } else throw new Error(`An insertion is not expected to want ${ask.wanted}.`);
    }
  }

  /** What has been collected since the last time. */
  take(): ReadonlyMap<string, Rows> {
    const taken = new Map(this.#tables);
    this.#tables.clear();
    return taken;
  }

  #write(text: string, values: readonly Value[]): number {
    const { table, columns } = this.#shapeOf(text);
    const known = this.#tables.get(table) ?? { columns, rows: [] };
    this.#tables.set(table, known);
    for (let at = 0; at < values.length; at += columns.length) known.rows.push(values.slice(at, at + columns.length));
    return values.length / columns.length;
  }

  #shapeOf(text: string) {
    const known = this.#shapes.get(text);
    if (known) return known;
    const found = /^\s*INSERT INTO "?(\w+)"? \(([^)]*)\)\s*VALUES/.exec(text);
    if (!found?.[1] || !found[2]) throw new Error(`An insertion is not expected to say: ${text}`);
    const shape = { table: found[1], columns: found[2].split(',').map((name) => name.trim().replaceAll('"', '')) };
    this.#shapes.set(text, shape);
    return shape;
  }
}
