import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { installed } from './installed.ts';

/** Another OData server on SQLite, installed for the moment; over plain HTTP, which is how it serves by itself. */
export interface Peer {
  readonly pid: number;
  readonly origin: string;
  close(): Promise<void>;
}

/** The versions that were compared with; their licence is told in `docs/performance.md`. */
const packages = ['@sap/cds@10.1.1', '@cap-js/sqlite@3.1.1', 'express@4'];

const schema = `
service bench @(requires: 'any') {
  entity Users { key ID : UUID; displayName : String; givenName : String; issuer : String; issuerAssignedId : String; }
  entity Attributes { key ID : String; displayName : String; description : String; dataType : String; }
  entity Flows { key ID : String; userFlowType : String; userFlowTypeVersion : Integer;
    assignments : Composition of many Assignments on assignments.flow = $self; }
  entity Assignments { key ID : String; isOptional : Boolean; requiresVerification : Boolean; userInputType : String;
    displayName : String; flow : Association to Flows; attribute : Association to Attributes; }
}
`;

const attributes = ['city', 'country', 'jobTitle', 'postalCode'];

function csv(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => row.join(';')).join('\n');
}

function rowsOf(flows: number): Readonly<Record<string, string>> {
  const ids = Array.from({ length: flows }, (_, at) => `flow${at}`);
  const assignments = ids.flatMap((flow) =>
    attributes.map((name) => [`${flow}-${name}`, 'true', 'false', 'textBox', name, flow, name]),
  );
  return {
    'bench-Attributes.csv': csv([
      ['ID', 'displayName', 'description', 'dataType'],
      ...attributes.map((name) => [name, name, `The ${name} of the person.`, 'string']),
    ]),
    'bench-Flows.csv': csv([
      ['ID', 'userFlowType', 'userFlowTypeVersion'],
      ...ids.map((id) => [id, 'signUpOrSignIn', '3']),
    ]),
    'bench-Assignments.csv': csv([
      ['ID', 'isOptional', 'requiresVerification', 'userInputType', 'displayName', 'flow_ID', 'attribute_ID'],
      ...assignments,
    ]),
  };
}

/** Starts the peer with so many flows, in a folder below the one it is installed in; absent where it cannot be had. */
export async function startPeer(flows: number): Promise<Peer | undefined> {
  const libraries = await installed(packages);
  if (libraries === undefined) return undefined;
  const folder = mkdtempSync(join(libraries, 'data-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  try {
    const requires = { db: { kind: 'sqlite', credentials: { url: 'bench.db' } }, auth: { kind: 'dummy' } };
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'peer', private: true, cds: { requires } }));
    mkdirSync(join(folder, 'db', 'data'), { recursive: true });
    mkdirSync(join(folder, 'srv'));
    writeFileSync(join(folder, 'srv', 'bench.cds'), schema);
    for (const [name, text] of Object.entries(rowsOf(flows))) writeFileSync(join(folder, 'db', 'data', name), text);
    const cds = join(libraries, 'node_modules', '@sap', 'cds', 'bin');
    execFileSync(process.execPath, [join(cds, 'deploy.js')], { cwd: folder, stdio: 'ignore' });
    return await serve(join(cds, 'serve.js'), folder, remove);
  } catch (error) {
    remove();
    throw error;
  }
}

async function serve(cds: string, folder: string, remove: () => void): Promise<Peer> {
  const child = spawn(process.execPath, [cds, 'all', '--port', '0'], {
    cwd: folder,
    env: { ...process.env, NODE_ENV: 'production', CDS_LOG_LEVELS_CDS: 'info' },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const origin = await new Promise<string>((resolve, reject) => {
    child.once('exit', () => reject(new Error('The peer did not start.')));
    createInterface({ input: child.stdout }).on('line', (line) => {
      const found = /http:\/\/localhost:\d+/.exec(line)?.[0];
      if (found) resolve(found);
    });
  });
  return {
    pid: child.pid ?? 0,
    origin,
    async close() {
      child.kill();
      await once(child, 'exit');
      remove();
    },
  };
}
