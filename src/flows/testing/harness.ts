import { randomBytes } from 'node:crypto';
import { createOutbox, createOutside, type Mailer, type Outbox, type Outside } from '../../connectors/index.ts';
import { createDirectory, createSecretBox, type Directory } from '../../directory/index.ts';
import { createFederation, type Federation } from '../../federation/index.ts';
import {
  bootstrapTenant,
  createHasher,
  createIdentity,
  type Hasher,
  type Hashing,
  type Identity,
  identityBehaviours,
  type SignInEvent,
} from '../../identity/index.ts';
import { type AdjustableClock, adjustableClock, type Observation, silent, system } from '../../kernel/index.ts';
import { allTypes, entities } from '../../model/index.ts';
import { type Ephemeral, openDatabase } from '../../store/index.ts';
import { flowBehaviours } from '../behaviours.ts';
import { createConnectorCalls } from '../callouts/connector-calls.ts';
import { createFlows } from '../engine.ts';
import { type ApiTokens, createEventExtensions } from '../extensions/call.ts';
import type { Facts } from '../facts.ts';
import { redeemPath } from '../guests/redemption.ts';
import type { Flows, Host, Move, Start } from '../host.ts';
import type { Arrival, Refusal, RefusalDetail, Sender } from '../journey.ts';
import { createLocalization } from '../localization/localization.ts';
import { createJourneyLog, type JourneyLog } from '../record/journey-log.ts';
import type { Screen, Text } from '../screen.ts';
import type { StepContext, Words } from '../step.ts';
import { b2cCodes } from './codes.ts';
import { englishWords } from './english.ts';
import { assertTold } from './told.ts';

export const seed = system('test');
export const password = 'Usher-dev-1';

const redeemUrl = (ticket: string): string => `https://login.example${redeemPath('contoso.onmicrosoft.com', ticket)}`;

export { english } from './english.ts';

const words: Words = englishWords;

/** Keeps what a host is told, and sends the browser to a numbered address. */
export interface TestHost extends Host {
  readonly arrivals: Arrival[];
  readonly refusals: Refusal[];
  /** Of each refusal, what stands in the text of its code. */
  readonly details: (RefusalDetail | undefined)[];
}

export function createHost(): TestHost {
  const arrivals: Arrival[] = [];
  const refusals: Refusal[] = [];
  const details: (RefusalDetail | undefined)[] = [];
  return {
    arrivals,
    refusals,
    details,
    async arrive(hostRef, arrival) {
      arrivals.push(arrival);
      return `https://app.example/${hostRef}?arrived=${arrivals.length}`;
    },
    async refuse(hostRef, refusal, detail) {
      refusals.push(refusal);
      details.push(detail);
      return `https://app.example/${hostRef}?refused=${refusals.length}`;
    },
    stands: async () => true,
  };
}

/** What an extension is shown instead of a token of the tenant. */
export const testTokens: ApiTokens = {
  tokenFor: async (resourceId, origin) => ({ kind: 'token', value: `${resourceId} ${origin}` }),
};

export interface House {
  readonly directory: Directory;
  readonly identity: Identity;
  readonly ephemeral: Ephemeral;
  readonly outbox: Outbox;
  readonly outside: Outside;
  readonly federation: Federation;
  readonly clock: AdjustableClock;
  readonly host: TestHost;
  readonly flows: Flows;
  readonly observed: readonly Observation[];
  /** What the sign-in log was told. */
  readonly signIns: readonly SignInEvent[];
  readonly journeyLog: JourneyLog;
  /** How many passwords were hashed so far, to make or to check one. */
  readonly work: { readonly hashes: number };
  begin(flowId?: string, start?: Partial<Start>): Promise<Visitor>;
  /** The browser of a journey that was begun already. */
  resume(begun: Begun): Promise<Visitor>;
  close(): Promise<void>;
}

export interface HouseOptions {
  readonly mailer?: Mailer;
  readonly host?: TestHost;
  readonly identity?: (identity: Identity) => Identity;
  readonly rules?: 'b2c-strong' | 'nist-63b-4';
  /** Where the providers of a kind are, e.g. `Google`. */
  readonly originOf?: (kind: string) => string | undefined;
  /** See `FlowServices.connectorMilliseconds`. */
  readonly connectorMilliseconds?: number;
  /** Absent: in memory. */
  readonly database?: string;
}

/** Counts what a hash costs, whoever asks for it. */
const counted = (hasher: Hasher, work: { hashes: number }): Hasher => ({
  ...hasher,
  ...countedHashing(hasher, work),
  enter(lane) {
    const place = hasher.enter(lane);
    return { ...place, ...countedHashing(place, work) };
  },
});

const countedHashing = (hashing: Hashing, work: { hashes: number }): Hashing => ({
  hash(password) {
    work.hashes += 1;
    return hashing.hash(password);
  },
  verify(phc, password) {
    work.hashes += 1;
    return hashing.verify(phc, password);
  },
});

/** A tenant with one flow `B2C_1_susi`, the account `adele@contoso.example`, and everything real but the mail server. */
export async function openHouse(options: HouseOptions = {}): Promise<House> {
  const clock = adjustableClock({ now: () => 1_800_000_000 });
  const database = await openDatabase(options.database ?? 'memory:', { clock, observe: silent, types: allTypes() });
  const tenant = await database.tenants.create({
    id: '775527ff-9a37-4307-8b3d-cc311f58d925',
    domains: ['contoso.onmicrosoft.com'],
    displayName: 'Contoso <b>&',
  });
  const { ephemeral, ...store } = database.tenant(tenant.id);
  const work = { hashes: 0 };
  const hasher = counted(createHasher({ memoryKib: 64, passes: 1, workers: 1, queueLimit: 1000 }), work);
  const rules = options.rules ?? 'b2c-strong';
  const behaviours = [...identityBehaviours({ hasher, rules, inviting: { redeemUrl } }), ...flowBehaviours(words)];
  const box = createSecretBox(randomBytes(32));
  const directory = createDirectory({
    tenant,
    store: { ...store, ephemeral },
    behaviours,
    clock,
    observe: silent,
    box,
  });
  const real = createIdentity({ directory, ephemeral, hasher, clock, observe: silent, rules });
  const identity = options.identity?.(real) ?? real;
  await bootstrapTenant(directory);
  const outbox = createOutbox(clock);
  const outside = createOutside({ allowLoopback: true });
  const federation = createFederation({
    directory,
    outside,
    clock,
    observe: silent,
    ...(options.originOf ? { originOf: options.originOf } : {}),
  });
  const host = options.host ?? createHost();
  const observed: Observation[] = [];
  const signIns: SignInEvent[] = [];
  const journeyLog = createJourneyLog({ clock, observe: (observation) => observed.push(observation) });
  const flows = createFlows({
    directory,
    identity,
    signIns: { record: (event) => void signIns.push(event) },
    mailer: options.mailer ?? outbox,
    texter: outbox.texter,
    outside,
    federation,
    tokens: testTokens,
    recorder: journeyLog.of({ directory, ephemeral, lifetimeSeconds: 3600 }),
    ephemeral,
    clock,
    observe: (observation) => observed.push(observation),
    words,
    host,
    ...(options.connectorMilliseconds ? { connectorMilliseconds: options.connectorMilliseconds } : {}),
    journeyLifetimeSeconds: 3600,
  });
  const house: House = {
    directory,
    identity,
    ephemeral,
    outbox,
    outside,
    federation,
    clock,
    host,
    flows,
    observed,
    signIns,
    journeyLog,
    work,
    begin: (flowId = 'B2C_1_susi', start = {}) => begin(flows, flowId, start),
    resume: (begun) => resume(flows, begun),
    async close() {
      await database.close();
      await hasher.close();
    },
  };
  await createFlow(house, 'susi');
  await addUser(house, 'adele@contoso.example');
  return house;
}

type Draft = Readonly<Record<string, unknown>>;

export async function createFlow(
  { directory }: House,
  id: string,
  draft: Draft = {},
  userFlowIdentityProviders: readonly string[] = [],
): Promise<void> {
  const flow = { id, userFlowType: 'signUpOrSignIn', userFlowTypeVersion: 3, ...draft };
  await directory.create(seed, entities.b2cIdentityUserFlow, flow, { links: { userFlowIdentityProviders } });
}

const fallback = { isOptional: true, requiresVerification: false, userInputType: 'textBox' };

export async function assign({ directory }: House, attribute: string, draft: Draft = {}, flow = 'B2C_1_susi') {
  const parent = { type: entities.b2cIdentityUserFlow, id: flow };
  return directory.create(
    seed,
    entities.identityUserFlowAttributeAssignment,
    { ...fallback, ...draft },
    { within: { parent, navigation: 'userAttributeAssignments' }, links: { userAttribute: [attribute] } },
  );
}

export async function addAttribute({ directory }: House, displayName: string, dataType: string): Promise<string> {
  const created = await directory.create(seed, entities.identityUserFlowAttribute, { displayName, dataType });
  return created.entity.id;
}

export async function addUser({ identity }: House, email: string): Promise<void> {
  const passwordHash = await identity.hashPassword(password);
  await identity.register(seed, { email, passwordHash, attributes: { displayName: 'Adele' } });
}

/** What a step is given, as if the journey had come to it with these facts. */
export const contextFor = (
  { identity, directory, outbox, outside, federation, ephemeral, clock }: House,
  facts: Facts,
  journey: Partial<StepContext['journey']> = {},
): StepContext => ({
  journey: {
    id: 'j',
    facts,
    client,
    locales: [],
    sender,
    started: clock.now(),
    correlationId: 'c',
    flowId: 'B2C_1_susi',
    ...journey,
  },
  rules: { codes: b2cCodes },
  identity,
  directory,
  mailer: outbox,
  texter: outbox.texter,
  outside,
  federation,
  connectors: createConnectorCalls({ directory, outside, clock }),
  extensions: createEventExtensions({ directory, outside, clock, tokens: testTokens, observe: () => undefined }),
  localization: createLocalization(directory),
  ephemeral,
  clock,
  observe: () => undefined,
  note: () => undefined,
  browserKey: 'k',
  words,
});

/** A browser on its way through one journey. */
export interface Visitor {
  readonly journeyId: string;
  readonly browserSecret: string;
  /** What it saw last. */
  readonly move: Move;
  /** The screen it saw last; fails when there was none. */
  readonly screen: Screen;
  /** Where it was sent; fails when it was shown something. */
  readonly url: string;
  look(): Promise<Move>;
  press(action: string, values?: Readonly<Record<string, string>>): Promise<Move>;
}

export const sender: Sender = {
  address: '203.0.113.7',
  userAgent: 'Firefox/133.0',
  device: undefined,
  origin: 'https://login.example',
};

const client = { appId: '11111111-1111-4111-8111-111111111111', displayName: 'Tasks' };

async function begin(flows: Flows, flowId: string, start: Partial<Start>): Promise<Visitor> {
  const begun = await flows.start({
    flowId,
    hostRef: 'uid',
    client,
    uiLocales: [],
    acceptLanguages: [],
    sender,
    correlationId: 'c0ffee00-0000-4000-8000-000000000000',
    ...start,
  });
  return resume(flows, begun);
}

type Begun = Pick<Visitor, 'journeyId' | 'browserSecret'>;

async function resume(flows: Flows, { journeyId, browserSecret }: Begun): Promise<Visitor> {
  let move = assertTold(await flows.look(journeyId, browserSecret));
  return {
    journeyId,
    browserSecret,
    get move() {
      return move;
    },
    get screen() {
      return screenOf(move);
    },
    get url() {
      if (move.kind === 'go') return move.url;
      throw new TypeError(`a screen is shown: ${move.screen.id}`);
    },
    async look() {
      move = assertTold(await flows.look(journeyId, browserSecret));
      return move;
    },
    async press(action, values = {}) {
      const revision = move.kind === 'show' ? move.revision : 0;
      move = assertTold(await flows.answer(journeyId, browserSecret, revision, { action, values }, sender));
      return move;
    },
  };
}

export function screenOf(move: Move): Screen {
  if (move.kind === 'show') return move.screen;
  throw new TypeError(`the browser was sent to ${move.url}`);
}

const idOf = (text: Text): string => ('id' in text ? text.id : text.literal);

/** Everything a screen complains about or tells, as message ids. */
export const messagesOf = (screen: Screen): readonly string[] => screen.messages.map(({ text }) => idOf(text));
export const proofMessagesOf = ({ verification }: Screen): readonly string[] =>
  verification?.messages.map(({ text }) => idOf(text)) ?? [];
export const errorsOf = (screen: Screen): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(screen.fields.flatMap(({ name, errors }) => (errors ? [[name, errors.map(idOf)]] : [])));
export const fieldOf = (screen: Screen, name: string) => screen.fields.find((field) => field.name === name);

/** The code last mailed to an address. */
export const codeFor = ({ outbox }: House, address: string): string => outbox.messages(address)[0]?.code ?? '';

/** A code that is not the given one. */
export const otherThan = (code: string): string => String((Number(code) + 1) % 1_000_000).padStart(6, '0');

/** Up to the moment when the address is proved. */
export async function prove(house: House, visitor: Visitor, email: string): Promise<void> {
  await visitor.press('createAccount');
  await visitor.press('email_ver_but_send', { email });
  await visitor.press('email_ver_but_verify', { email, email_ver_input: codeFor(house, email) });
}

export const newPasswords = { newPassword: 'Correct-horse-7', reenterPassword: 'Correct-horse-7' };
