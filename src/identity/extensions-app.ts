import { entities } from '../model/index.ts';
import type { StoreReader } from '../store/index.ts';

/** The application that gives custom attributes their ids (Graph contract c.1); its name is how clients find it. */
export const extensionsAppName = 'b2c-extensions-app. Do not modify. Used by AADB2C for storing user data.';

export interface ExtensionsApp {
  readonly id: string;
  readonly appId: string;
}

/** It never changes, so it is looked for once a reader: a page of extension properties asks for each of up to 999 applications. */
const known = new WeakMap<StoreReader, ExtensionsApp>();

/** Undefined for a tenant that was not furnished. */
export async function extensionsApp(reader: StoreReader): Promise<ExtensionsApp | undefined> {
  const before = known.get(reader);
  if (before) return before;
  const filter = { op: 'eq', path: ['displayName'], value: extensionsAppName } as const;
  const [row] = (await reader.find({ type: entities.application, filter, limit: 1 })).items;
  if (!row) return undefined;
  const found = { id: row.id, appId: String(row.values['appId']) };
  known.set(reader, found);
  return found;
}
