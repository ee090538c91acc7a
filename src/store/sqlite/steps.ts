import type { Step } from '../sql/outline.ts';

/**
 * The tables that do not depend on the model, as numbered steps: the first is version 1. A step that has been released is
 * never changed; what must become different is a new step at the end.
 */
export const steps: readonly Step[] = [
  {
    additive: false,
    text: `
  CREATE TABLE counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE tenant (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, display_name TEXT NOT NULL, created INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE domain (name TEXT PRIMARY KEY, tenant TEXT NOT NULL, position INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE INDEX domain_tenant ON domain (tenant, position);
  CREATE TABLE change (
    sequence INTEGER PRIMARY KEY, tenant TEXT NOT NULL, type TEXT NOT NULL, key TEXT NOT NULL,
    root_type TEXT, root_key TEXT, verb TEXT NOT NULL, properties TEXT NOT NULL, caller TEXT NOT NULL, at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX change_tenant ON change (tenant, sequence);
  CREATE TABLE link (
    tenant TEXT NOT NULL, source INTEGER NOT NULL, navigation TEXT NOT NULL, target INTEGER NOT NULL,
    source_family TEXT NOT NULL, sequence INTEGER NOT NULL,
    PRIMARY KEY (tenant, source, navigation, target)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX link_target ON link (tenant, target);
  CREATE TABLE ephemeral (
    slot INTEGER PRIMARY KEY, tenant TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, payload TEXT NOT NULL,
    revision INTEGER NOT NULL, expires INTEGER NOT NULL, consumed INTEGER, indexes TEXT NOT NULL, stamp INTEGER NOT NULL,
    UNIQUE (tenant, kind, id)
  ) STRICT;
  CREATE INDEX ephemeral_expires ON ephemeral (expires);
  CREATE TABLE ephemeral_index (
    tenant TEXT NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, id TEXT NOT NULL,
    PRIMARY KEY (tenant, kind, name, value, id)
  ) STRICT, WITHOUT ROWID;
  `,
  },
  // For which program the tables were made, so that others know whether they may work on them.
  { additive: true, text: 'CREATE TABLE program (outline TEXT NOT NULL) STRICT;' },
];
