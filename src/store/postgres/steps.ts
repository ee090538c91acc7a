import type { Step } from '../sql/outline.ts';

const text = 'text COLLATE "C"';

/**
 * The tables that do not depend on the model, as numbered steps: the first is version 1. A step that has been released is
 * never changed; what must become different is a new step at the end. Every key begins with the tenant.
 */
export const steps: readonly Step[] = [
  {
    additive: false,
    text: `
  CREATE TABLE counter (name ${text} PRIMARY KEY, value bigint NOT NULL);
  CREATE TABLE tenant (
    number bigint GENERATED ALWAYS AS IDENTITY, id ${text} PRIMARY KEY, display_name text NOT NULL, created bigint NOT NULL
  );
  CREATE TABLE domain (name ${text} PRIMARY KEY, tenant ${text} NOT NULL, position integer NOT NULL);
  CREATE INDEX domain_tenant ON domain (tenant, position);
  CREATE TABLE change (
    tenant ${text} NOT NULL, sequence bigint NOT NULL, type ${text} NOT NULL, key text NOT NULL,
    root_type text, root_key text, verb text NOT NULL, properties text NOT NULL, caller text NOT NULL, at bigint NOT NULL,
    process text NOT NULL,
    PRIMARY KEY (tenant, sequence)
  );
  CREATE INDEX change_sequence ON change (sequence);
  CREATE TABLE link (
    tenant ${text} NOT NULL, source bigint NOT NULL, navigation ${text} NOT NULL, target bigint NOT NULL,
    source_family text NOT NULL, sequence bigint NOT NULL,
    PRIMARY KEY (tenant, source, navigation, target)
  );
  CREATE INDEX link_target ON link (tenant, target);
  CREATE SEQUENCE ephemeral_stamp;
  CREATE TABLE ephemeral (
    tenant ${text} NOT NULL, kind ${text} NOT NULL, id ${text} NOT NULL, payload text NOT NULL, revision bigint NOT NULL,
    expires bigint NOT NULL, consumed bigint, stamp bigint NOT NULL,
    PRIMARY KEY (tenant, kind, id)
  ) WITH (fillfactor = 80);
  CREATE INDEX ephemeral_expires ON ephemeral (expires);
  CREATE TABLE ephemeral_index (
    tenant ${text} NOT NULL, kind ${text} NOT NULL, id ${text} NOT NULL, name ${text} NOT NULL, value ${text} NOT NULL,
    PRIMARY KEY (tenant, kind, id, name)
  );
  CREATE INDEX ephemeral_index_value ON ephemeral_index (tenant, kind, name, value);
  `,
  },
  // For which program the tables were made, so that others know whether they may work on them.
  { additive: true, text: 'CREATE TABLE program (outline text NOT NULL);' },
];
