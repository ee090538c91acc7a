import { DatabaseSync } from 'node:sqlite';

type Row = Readonly<Record<string, unknown>>;

/** Looks into a database file from outside of the product, also while a server has it open; changes nothing. */
export function lookInto<T>(file: string, look: (query: (text: string) => readonly Row[]) => T): T {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    return look((text) => database.prepare(text).all());
  } finally {
    database.close();
  }
}
