import { NotUsable } from './not-usable.ts';

/** Serializable transactions, identity columns and everything else we use. */
const oldest = 13;

/** What a server says about itself. */
export interface ServerFacts {
  /** `PostgreSQL 18.4 on …` */
  readonly version: string;
  /** `180004` */
  readonly number: number;
  readonly encoding: string;
  /** Only reading is possible. */
  readonly standby: boolean;
}

export const serverQuestion = `SELECT version() AS version, current_setting('server_version_num')::int AS number,
  current_setting('server_encoding') AS encoding, pg_is_in_recovery() AS standby`;

/** Throws `NotUsable`. */
export function checkServer({ version, number, encoding, standby }: ServerFacts): void {
  const [name = ''] = version.split(' on ');
  // YugabyteDB calls itself 'PostgreSQL 15.2-YB-…', and hands out numbers of a sequence in no order.
  if (!version.startsWith('PostgreSQL ') || name.includes('-YB-')) {
    throw new NotUsable(`it is ${name}, not PostgreSQL.`, 'docs/postgresql.md tells what is known of others.');
  }
  if (number < oldest * 10_000) {
    throw new NotUsable(`${name} is too old.`, `Upgrade the server to ${oldest} or later.`);
  }
  if (encoding !== 'UTF8') {
    throw new NotUsable(
      `its encoding is ${encoding}, which cannot hold every name.`,
      "Make the database anew with ENCODING 'UTF8' TEMPLATE template0.",
    );
  }
  if (standby) throw new NotUsable('it can only be read; this is a standby.', 'Use the address of the primary.');
}
