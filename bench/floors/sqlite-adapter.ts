import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Adapter, AdapterPayload } from 'oidc-provider';

/** Records in one table of a SQLite file, each write a commit that survives a loss of power, as the server's do. */
export function sqliteAdapter(): new (model: string) => Adapter {
  const folder = mkdtempSync(join(tmpdir(), 'usher-floor-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const database = new DatabaseSync(join(folder, 'records.db'));
  database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
    CREATE TABLE records (model TEXT, id TEXT, payload TEXT, uid TEXT, grant_id TEXT, consumed INTEGER, PRIMARY KEY (model, id));
    CREATE INDEX records_uid ON records (uid) WHERE uid IS NOT NULL;
    CREATE INDEX records_grant ON records (grant_id) WHERE grant_id IS NOT NULL`);
  const columns = 'payload, consumed';
  const statements = {
    put: database.prepare('INSERT OR REPLACE INTO records (model, id, payload, uid, grant_id) VALUES (?, ?, ?, ?, ?)'),
    get: database.prepare(`SELECT ${columns} FROM records WHERE model = ? AND id = ?`),
    byUid: database.prepare(`SELECT ${columns} FROM records WHERE model = ? AND uid = ?`),
    consume: database.prepare('UPDATE records SET consumed = ? WHERE model = ? AND id = ?'),
    remove: database.prepare('DELETE FROM records WHERE model = ? AND id = ?'),
    revoke: database.prepare('DELETE FROM records WHERE grant_id = ?'),
  };

  function payloadOf(row: Readonly<Record<string, unknown>> | undefined): AdapterPayload | undefined {
    if (!row) return undefined;
    const payload = JSON.parse(String(row['payload'])) as AdapterPayload;
    return row['consumed'] === null ? payload : { ...payload, consumed: Number(row['consumed']) };
  }

  return class implements Adapter {
    readonly model: string;
    constructor(model: string) {
      this.model = model;
    }
    async upsert(id: string, payload: AdapterPayload): Promise<void> {
      const { uid = null, grantId = null } = payload;
      statements.put.run(this.model, id, JSON.stringify(payload), uid, grantId);
    }
    async find(id: string): Promise<AdapterPayload | undefined> {
      return payloadOf(statements.get.get(this.model, id));
    }
    async findByUid(uid: string): Promise<AdapterPayload | undefined> {
      return payloadOf(statements.byUid.get(this.model, uid));
    }
    async findByUserCode(): Promise<undefined> {}
    async consume(id: string): Promise<void> {
      statements.consume.run(Math.floor(Date.now() / 1000), this.model, id);
    }
    async destroy(id: string): Promise<void> {
      statements.remove.run(this.model, id);
    }
    async revokeByGrantId(grantId: string): Promise<void> {
      statements.revoke.run(grantId);
    }
  };
}
