import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { TestContext } from 'node:test';
import type { Usher } from './usher.ts';

const root = new URL('../../', import.meta.url);

/**
 * Starts one of `examples/connectors/` as a person would, with the certificate of the running server. Resolves to its origin; it ends with
 * the test.
 */
export function startExample(
  t: Pick<TestContext, 'after'>,
  usher: Usher,
  name: string,
  args: readonly string[] = [],
): Promise<string> {
  const tls = dirname(usher.caFile);
  const certificate = ['--cert', join(tls, 'server.pem'), '--key', join(tls, 'server-key.pem')];
  const child = spawn(process.execPath, [`examples/connectors/${name}.mjs`, '--port', '0', ...certificate, ...args], {
    cwd: root,
    env: { ...process.env, GRAPH_URL: usher.url, NODE_EXTRA_CA_CERTS: usher.caFile },
  });
  t.after(() => void child.kill());
  const errors: string[] = [];
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk.toString()));
  return new Promise((resolve, reject) => {
    child.once('exit', () => reject(new Error(`${name} ended:\n${errors.join('')}`)));
    createInterface({ input: child.stdout }).once('line', (line) => resolve(line.replace(/^listening on /, '')));
  });
}

/** What the examples ask for by default. */
export const examplePassword = 'usher-dev-webhook';

/** Makes an API connector with the password of the examples; resolves to its id. */
export async function newConnector(usher: Usher, targetUrl: string): Promise<string> {
  const response = await usher.graph('POST', '/beta/identity/apiConnectors', {
    displayName: targetUrl,
    targetUrl,
    authenticationConfiguration: {
      '@odata.type': '#microsoft.graph.basicAuthentication',
      username: 'usher',
      password: examplePassword,
    },
  });
  const made = (await response.json()) as { readonly id: string };
  if (response.status !== 201) throw new Error(JSON.stringify(made));
  return made.id;
}

/** Lets a flow call a connector; `set`: `b2cUserFlows` or `b2xUserFlows`. */
export async function connect(
  usher: Usher,
  flow: string,
  position: 'postFederationSignup' | 'postAttributeCollection' | 'preTokenIssuance',
  connector: string,
  set = 'b2cUserFlows',
): Promise<void> {
  const path = `/beta/identity/${set}/${flow}/apiConnectorConfiguration/${position}/$ref`;
  const reference = { '@odata.id': `${usher.url}/beta/identity/apiConnectors/${connector}` };
  const response = await usher.graph('PUT', path, reference);
  if (response.status !== 204) throw new Error(await response.text());
}
