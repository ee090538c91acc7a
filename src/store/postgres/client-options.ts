import pg from 'pg';
import type { Place, Settings } from './settings.ts';

/** How long an idle connection is quiet before the network is asked whether it still leads anywhere. */
const keepAliveMilliseconds = 30_000;

/** The int8 of sequences and counters stays below 2^53, so it is read as a number. */
const int8 = 20;
const types: pg.CustomTypesConfig = {
  getTypeParser: (oid, format) => (oid === int8 ? Number : pg.types.getTypeParser(oid, format)),
};

/** As it is told. */
export const placeOf = ({ host, port }: Place): string => (host.startsWith('/') ? host : `${host}:${port}`);

/** What of a connection depends on where it leads. */
export const wayTo = ({ host, port, tls }: Place): Required<Pick<pg.ClientConfig, 'host' | 'port' | 'ssl'>> => ({
  ...{ host, port, ssl: tls },
});

/** What the driver needs for a connection. `extra`: parameters of the server that hold for every statement on it. */
export function clientOptions(
  settings: Settings,
  place: Place,
  extra: Readonly<Record<string, string | number>> = {},
): pg.ClientConfig {
  const { database, user, password, applicationName, schema } = settings;
  const options = Object.entries({ search_path: schema, client_encoding: 'UTF8', ...extra });
  return {
    ...{ ...wayTo(place), database, user, password, types },
    application_name: applicationName,
    options: options.map(([name, value]) => `-c ${name}=${value}`).join(' '),
    connectionTimeoutMillis: settings.connectTimeoutSeconds * 1000,
    keepAlive: true,
    keepAliveInitialDelayMillis: keepAliveMilliseconds,
  };
}
