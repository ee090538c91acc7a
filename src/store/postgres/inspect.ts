import pg from 'pg';
import { silent } from '../../kernel/index.ts';
import type { EntityType } from '../../model/index.ts';
import { createCatalogue } from '../catalogue.ts';
import type { Defect, Inspection } from '../inspection.ts';
import { type Ask, checks } from './checks.ts';
import { clientOptions } from './client-options.ts';
import { Primary } from './primary.ts';
import { checkServer, type ServerFacts, serverQuestion } from './server.ts';
import { settingsOf } from './settings.ts';
import { lookInto, ownOutline, tooNew } from './state.ts';
import { named } from './statements.ts';
import { unusable } from './trouble.ts';

/**
 * What an operator should know about the database: a server that will not do, tables of another program, rights that are
 * missing, settings that lose data. Writes nothing. Throws `store.unreachable`, `store.unusable`.
 */
export async function inspectPostgres(url: string, types: readonly EntityType[]): Promise<Inspection> {
  const settings = settingsOf(url);
  const primary = new Primary(settings, silent);
  try {
    if (primary.isOneOfSeveral) await primary.look();
    return await inspect(primary, types);
  } catch (cause) {
    throw unusable(cause, settings, primary.place);
  }
}

async function inspect({ settings, place }: Primary, types: readonly EntityType[]): Promise<Inspection> {
  const client = new pg.Client(clientOptions(settings, place, { default_transaction_read_only: 'on' }));
  client.on('error', () => undefined);
  try {
    await client.connect();
    const ask: Ask = async (text, values = []) => (await client.query(text, [...values])).rows;
    const { rows } = await client.query<ServerFacts>(serverQuestion);
    for (const server of rows) checkServer(server);
    const defects: Defect[] = [];
    for (const check of checks) defects.push(...(await check(ask, settings)));
    // What may not be used cannot be looked into.
    const isUsable = defects.every(({ minor }) => minor);
    const put: Parameters<typeof lookInto>[0] = ({ sql, values }) => ask(named(sql).text, values);
    const found = isUsable ? await lookInto(put, settings.schema, ownOutline(createCatalogue(types))) : undefined;
    const refusal = found && tooNew(found);
    if (refusal) defects.push({ words: refusal.message, cure: refusal.cure, minor: false });
    const [name = ''] = rows.map(({ version }) => version.split(' on ')[0]);
    return { about: `${name}, schema ${settings.schema}`, state: found?.state ?? 'other', defects };
  } finally {
    await client.end().catch(() => undefined);
  }
}
