import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Adapter, Payload } from './provider-library.ts';
import { sharedCommits } from './shared-commits.ts';

/** Records in one table of a SQLite file; a write is answered when it survives a loss of power, as the server's are. */
export function sqliteAdapter(): new (model: string) => Adapter {
  const folder = mkdtempSync(join(tmpdir(), 'usher-floor-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'records.db');
  const database = new DatabaseSync(file);
  database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -65536; PRAGMA mmap_size = 268435456;
    CREATE TABLE records (number INTEGER PRIMARY KEY, model TEXT, id TEXT, payload TEXT, uid TEXT, grant_id TEXT, consumed INTEGER,
      UNIQUE (id, model));
    CREATE INDEX records_uid ON records (uid) WHERE uid IS NOT NULL;
    CREATE INDEX records_grant ON records (grant_id) WHERE grant_id IS NOT NULL`);
  const columns = 'payload, consumed';
  const statements = {
    put: database.prepare(`INSERT INTO records (model, id, payload, uid, grant_id) VALUES (?, ?, ?, ?, ?)
      ON CONFLICT (id, model) DO UPDATE SET payload = excluded.payload, uid = excluded.uid, grant_id = excluded.grant_id`),
    get: database.prepare(`SELECT ${columns} FROM records WHERE model = ? AND id = ?`),
    byUid: database.prepare(`SELECT ${columns} FROM records WHERE model = ? AND uid = ?`),
    consume: database.prepare('UPDATE records SET consumed = ? WHERE model = ? AND id = ?'),
    remove: database.prepare('DELETE FROM records WHERE model = ? AND id = ?'),
    revoke: database.prepare('DELETE FROM records WHERE grant_id = ?'),
  };
  const write = sharedCommits(database, file);

  function payloadOf(row: Readonly<Record<string, unknown>> | undefined): Payload | undefined {
    if (!row) return undefined;
    const payload = JSON.parse(String(row['payload'])) as Payload;
    return row['consumed'] === null ? payload : { ...payload, consumed: Number(row['consumed']) };
  }

  return class implements Adapter {
    readonly model: string;
    constructor(model: string) {
      this.model = model;
    }
    upsert(id: string, payload: Payload): Promise<void> {
      const { uid = null, grantId = null } = payload;
      const text = JSON.stringify(payload);
      return write(() => statements.put.run(this.model, id, text, uid, grantId));
    }
    async find(id: string): Promise<Payload | undefined> {
      return payloadOf(statements.get.get(this.model, id));
    }
    async findByUid(uid: string): Promise<Payload | undefined> {
      return payloadOf(statements.byUid.get(this.model, uid));
    }
    async findByUserCode(): Promise<undefined> {}
    consume(id: string): Promise<void> {
      return write(() => statements.consume.run(Math.floor(Date.now() / 1000), this.model, id));
    }
    destroy(id: string): Promise<void> {
      return write(() => statements.remove.run(this.model, id));
    }
    revokeByGrantId(grantId: string): Promise<void> {
      return write(() => statements.revoke.run(grantId));
    }
  };
}
