import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createOutside } from '../../connectors/index.ts';
import {
  basicProof,
  type ConnectorStep,
  connectorSteps,
  exchange,
  type Proof,
  sampleRequest,
  trialOf,
} from '../../flows/index.ts';
import { builtInAttributeIds } from '../../identity/index.ts';
import { type Config, isUuid, system } from '../../kernel/index.ts';
import { type EntityOf, entities, everyItem } from '../../model/index.ts';
import type { CommandContext } from '../command.ts';
import { faults } from '../faults.ts';
import { type OpenTenant, openTenant } from '../flow/open-tenant.ts';
import { createLog } from '../logger.ts';
import { outsideOptions } from '../outside-options.ts';

const { identityApiConnector, connectorCall } = entities;

const usage = (problem: string) => faults.usage({ problem, command: 'connector' });

/** What a trial says, however it was asked for. */
interface Told {
  readonly step: string;
  readonly audience: string;
  readonly came: string;
  readonly isUsable: boolean;
  readonly status: number | null;
  readonly durationInMilliseconds: number;
  readonly sentences: readonly string[];
  readonly differences?: readonly string[];
}

type Json = Readonly<Record<string, unknown>>;

function fileAt(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw faults.failed({ reason: `The file '${path}' cannot be read.` }, cause);
  }
}

/** Throws `cli.failed`. */
function bodyIn(path: string): Json {
  const text = fileAt(path);
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as Json;
  } catch {
    // Said below.
  }
  throw faults.failed({ reason: `The file '${path}' holds no JSON object.` });
}

/** Throws `cli.usage`. */
function proofIn({ basic, clientCert, clientKey }: Config): { readonly proof?: Proof } {
  if ((clientCert === undefined) !== (clientKey === undefined))
    throw usage('--client-cert and --client-key go together.');
  if (clientCert !== undefined && clientKey !== undefined) {
    if (basic !== undefined) throw usage('Choose --basic or --client-cert.');
    return { proof: { kind: 'certificate', credentials: { cert: fileAt(clientCert), key: fileAt(clientKey) } } };
  }
  if (basic === undefined) return {};
  const colon = basic.indexOf(':');
  if (colon < 0) throw usage('--basic must be USER:PASSWORD.');
  return { proof: basicProof(basic.slice(0, colon), basic.slice(colon + 1)) };
}

/** Calls as a server in development does: this machine may be called, and its own authority is trusted where there is one. */
function outsideOf(config: Config) {
  const path = join(resolve(config.data), 'tls', 'ca.pem');
  const own = existsSync(path) ? [readFileSync(path, 'utf8')] : [];
  return createOutside({ ...outsideOptions(config, own), allowLoopback: true });
}

const stepsIn = ({ step, flowKind }: Config): readonly ConnectorStep[] =>
  step === undefined ? connectorSteps.filter((one) => flowKind === 'b2c' || one !== 'PreTokenIssuance') : [step];

/** Custom attributes are a tenant's, so an address alone is asked with the built-in ones. */
const attributes = builtInAttributeIds.map((id) => ({ id, dataType: 'string' }) as const);

const nobodysClient = '00000000-0000-0000-0000-000000000000';

async function testAddress({ config }: CommandContext, url: string): Promise<readonly Told[]> {
  const outside = outsideOf(config);
  const proof = proofIn(config);
  const told: Told[] = [];
  for (const step of stepsIn(config)) {
    const asked = { step, audience: config.flowKind };
    const body =
      config.request === undefined
        ? sampleRequest(step, config.flowKind, { clientId: nobodysClient, attributes })
        : bodyIn(config.request);
    const exchanged = await exchange(outside, { url, ...proof, ...asked, body, attributes });
    const { milliseconds, ...trial } = trialOf(asked, exchanged, { reveals: true });
    told.push({ ...trial, durationInMilliseconds: milliseconds });
  }
  return told;
}

/** Throws `cli.failed`. */
async function stored(
  { directory }: OpenTenant['rooms'],
  named: string,
): Promise<EntityOf<typeof identityApiConnector>> {
  const found = isUuid(named) ? await directory.get({ type: identityApiConnector, id: named }) : undefined;
  if (found) return found.entity;
  const filter = { op: 'eq', path: ['displayName'], value: named } as const;
  const { items } = await directory.find({ type: identityApiConnector, filter, limit: 2 });
  const [only, ...others] = items;
  if (!only)
    throw faults.failed({ reason: `There is no API connector '${named}': 'usher connector list' names them.` });
  if (others.length > 0) throw faults.failed({ reason: `Several API connectors are called '${named}': use the id.` });
  return only.entity;
}

type Act = (context: CommandContext, tenant: OpenTenant, subject: string) => Promise<readonly Told[]>;

const caller = system('usher connector');

const testStored: Act = async ({ config }, { rooms }, named) => {
  const { id } = await stored(rooms, named);
  const told: Told[] = [];
  for (const step of stepsIn(config)) {
    const parameters = { step, audience: config.flowKind };
    told.push((await rooms.directory.invoke(caller, { type: identityApiConnector, id }, 'test', parameters)) as Told);
  }
  return told;
};

const replay: Act = async (_, { rooms }, id) => [
  (await rooms.directory.invoke(caller, { type: connectorCall, id }, 'replay', {})) as Told,
];

async function list({ config, terminal }: CommandContext, { rooms }: OpenTenant): Promise<number> {
  const all = await everyItem((query) => rooms.directory.find(query), { type: identityApiConnector });
  const found = all.map(({ entity: { id, displayName, targetUrl } }) => ({ id, displayName, targetUrl }));
  const line = ({ id, displayName, targetUrl }: (typeof found)[number]): string =>
    `${id}  ${displayName}  ${targetUrl}\n`;
  terminal.out(config.json ? `${JSON.stringify(found)}\n` : found.map(line).join(''));
  return 0;
}

/** What was found, and 0 when a journey could go on with every answer. */
function report({ config, terminal }: CommandContext, all: readonly Told[]): number {
  if (config.json) terminal.out(`${JSON.stringify(all)}\n`);
  else {
    for (const { step, audience, came, status, durationInMilliseconds, sentences, differences = [] } of all) {
      const answered = status === null ? 'no answer' : `status ${status}`;
      terminal.out(`${step} (${audience}): ${came}, ${answered}, ${durationInMilliseconds} ms\n`);
      for (const sentence of [...sentences, ...differences]) terminal.out(`  ${sentence}\n`);
    }
  }
  return all.every(({ isUsable }) => isUsable) ? 0 : 1;
}

async function inTenant<T>(
  context: CommandContext,
  act: (tenant: OpenTenant) => Promise<T>,
  looksOnly = false,
): Promise<T> {
  const { config } = context;
  const silent = { send: async () => undefined };
  const journeyHost = { arrive: async () => '', refuse: async () => '', stands: async () => true };
  const world = { mailer: silent, texter: silent, outside: outsideOf(config), journeyHost };
  const tenant = await openTenant(config, world, await createLog(config.logLevel), looksOnly);
  try {
    return await act(tenant);
  } finally {
    await tenant.close();
  }
}

/** `usher connector list|test|replay`: APIs that flows call, asked for a person who does not exist. */
export async function connector(context: CommandContext): Promise<number> {
  const [verb = '', subject] = context.positionals;
  if (verb === 'list') {
    if (subject !== undefined) throw usage("'list' takes no name.");
    return inTenant(context, (tenant) => list(context, tenant), true);
  }
  const acts: Readonly<Record<string, Act>> = { test: testStored, replay };
  const act = Object.hasOwn(acts, verb) ? acts[verb] : undefined;
  if (!act) throw usage(verb === '' ? "Say 'list', 'test' or 'replay'." : `There is no 'connector ${verb}'.`);
  if (subject === undefined) throw usage(verb === 'test' ? 'Name an address or an API connector.' : 'Name one call.');
  if (verb === 'test' && /^https?:/i.test(subject)) return report(context, await testAddress(context, subject));
  return report(context, await inTenant(context, (tenant) => act(context, tenant, subject)));
}
