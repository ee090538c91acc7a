import pg from 'pg';
import { certificateFor } from './certificate.ts';
import type { Server } from './postgres.ts';

/**
 * Lets the server speak TLS with a certificate for `name`, and with nothing else where `only`; resolves to the certificate.
 * The server writes its own files, so that they belong to the account it runs as.
 */
export async function offerTls({ url }: Server, { name = 'localhost', only = false } = {}): Promise<string> {
  const { certificate, key } = certificateFor(name);
  const client = new pg.Client({ connectionString: `${url}/postgres` });
  await client.connect();
  const put = async (file: string, text: string) => {
    const encoded = Buffer.from(text).toString('base64');
    await client.query(`COPY (SELECT '${encoded}') TO PROGRAM 'base64 -d > ${file} && chmod 600 ${file}'`);
  };
  await put('server.crt', certificate);
  await put('server.key', key);
  await put('pg_hba.conf', `${only ? 'hostssl' : 'host'} all all 127.0.0.1/32 scram-sha-256\n`);
  await client.query('ALTER SYSTEM SET ssl = on');
  await client.query('SELECT pg_reload_conf()');
  // The configuration is read again by every process of the server in its own time.
  for (;;) {
    const { rows } = await client.query("SELECT setting FROM pg_settings WHERE name = 'ssl'");
    if (rows[0]?.setting === 'on') break;
  }
  await client.end();
  return certificate;
}
