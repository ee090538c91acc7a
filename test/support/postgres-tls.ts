import forge from 'node-forge';
import pg from 'pg';
import type { Server } from './postgres.ts';

const { pki, md } = forge;

/** A certificate for one name that signs itself, and its key; PEM. */
function certificateFor(name: string): { readonly certificate: string; readonly key: string } {
  const { publicKey, privateKey } = pki.rsa.generateKeyPair(2048);
  const made = pki.createCertificate();
  made.publicKey = publicKey;
  made.serialNumber = '01';
  made.validity.notBefore = new Date(Date.now() - 60_000);
  made.validity.notAfter = new Date(Date.now() + 3_600_000);
  const subject = [{ name: 'commonName', value: name }];
  made.setSubject(subject);
  made.setIssuer(subject);
  made.setExtensions([
    { name: 'subjectAltName', altNames: [{ type: 2, value: name }] },
    { name: 'basicConstraints', cA: true },
  ]);
  made.sign(privateKey, md.sha256.create());
  return { certificate: pki.certificateToPem(made), key: pki.privateKeyToPem(privateKey) };
}

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
