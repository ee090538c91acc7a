import type { Outside } from '../../connectors/index.ts';
import { createChangeCache, type Directory, type Versioned } from '../../directory/index.ts';
import { type Clock, isFault } from '../../kernel/index.ts';
import { entities } from '../../model/index.ts';
import { withActive } from '../connectors/client-certificate.ts';
import type { KnownAttribute } from './answer-claims.ts';
import { isDown } from './attempts.ts';
import { createCircuitBreaker } from './circuit-breaker.ts';
import { basicProof, type ConnectorRequest, type Exchanged, exchange, failureOf, type Proof } from './exchange.ts';
import { knownAttributes } from './known-attributes.ts';
import type { ConnectorAnswer, Flaw } from './read-answer.ts';

/** On whose way a call is made; for the record. */
export interface CallOccasion {
  readonly flowId: string;
  readonly appId: string;
  readonly correlationId: string;
}

/** One call that a journey wants made. */
export interface ConnectorCall extends Pick<ConnectorRequest, 'step' | 'audience' | 'body' | 'attributes'> {
  readonly connectorId: string;
  /** IP address of the person it is made for. */
  readonly address: string;
  readonly occasion: CallOccasion;
}

/** What came of a call. */
export interface ConnectorOutcome {
  readonly answer: ConnectorAnswer;
  /** How often the API was called; 0: it was not. */
  readonly attempts: number;
}

/** Calls the API connectors of one tenant. */
export interface ConnectorCalls {
  ask(call: ConnectorCall): Promise<ConnectorOutcome>;
  /** See `knownAttributes`; read again only when an attribute has changed, since every call needs them. */
  attributes(): Promise<readonly KnownAttribute[]>;
}

/** Hears of every call that was made. Never waits and never fails. */
export type NoteCall = (connector: Connector, call: ConnectorCall, exchanged: Exchanged) => void;

interface Services {
  readonly directory: Pick<Directory, 'find' | 'get' | 'onChange' | 'reveal' | 'tenant'>;
  readonly outside: Outside;
  readonly clock: Clock;
  /** How long one attempt may take; 20 seconds when absent (b2c contract k). */
  readonly milliseconds?: number | undefined;
  readonly note?: NoteCall | undefined;
}

const type = entities.identityApiConnector;
export type Connector = Versioned<typeof type>['entity'];

const gone: Flaw = { kind: 'Flaw', code: 'AADB2C90162', sentence: 'the API connector does not exist any more' };

/** A connector whose certificates have all run out calls nobody. */
export const uncertified: Flaw = {
  kind: 'Flaw',
  code: 'AADB2C90028',
  sentence: 'no client certificate of the API connector is valid now',
};

/** How a stored connector proves who is calling; undefined: it has nothing to prove it with. Throws `directory.notFound`. */
export async function proofOf(
  { id, authenticationConfiguration: given }: Connector,
  { directory, clock }: { readonly directory: Pick<Directory, 'reveal'>; readonly clock: Clock },
): Promise<Proof | undefined> {
  const secrets = await directory.reveal({ type, id });
  if (given['@odata.type'] === 'basicAuthentication') {
    return basicProof(given.username, secrets['authenticationConfiguration/password'] ?? '');
  }
  if (given['@odata.type'] !== 'clientCertificateAuthentication') return undefined;
  const index = withActive(given.certificateList, clock.now()).findIndex(({ isActive }) => isActive);
  const cert = given.certificateList[index]?.certificateChain;
  const key = secrets[`authenticationConfiguration/certificateList/${index}/privateKey`];
  return cert === undefined || key === undefined ? undefined : { kind: 'certificate', credentials: { cert, key } };
}

/** See `ConnectorCalls`. */
export function createConnectorCalls(services: Services): ConnectorCalls {
  const { directory, outside, clock, milliseconds, note } = services;
  const breaker = createCircuitBreaker(clock);
  const known = createChangeCache<readonly KnownAttribute[]>(directory, {
    types: [entities.identityUserFlowAttribute],
    load: () => knownAttributes(directory),
    capacity: 1,
  });

  async function call(connector: Connector, wanted: ConnectorCall): Promise<ConnectorOutcome> {
    const proof = await proofOf(connector, services);
    if (!proof) return { answer: uncertified, attempts: 0 };
    const { id, targetUrl: url } = connector;
    const key = `${id} ${url}`;
    if (!breaker.admits(key, wanted.address)) return { answer: failureOf('resting'), attempts: 0 };
    const { step, audience, body, attributes } = wanted;
    const purpose = `api connector ${directory.tenant.id} ${id}`;
    const exchanged = await exchange(outside, { url, proof, step, audience, body, attributes, purpose }, milliseconds);
    breaker.told(key, !isDown(exchanged.http), wanted.address);
    note?.(connector, wanted, exchanged);
    return exchanged;
  }

  return {
    attributes: async () => (await known.get('all')) ?? [],
    async ask(wanted) {
      const found = await directory.get({ type, id: wanted.connectorId });
      if (!found) return { answer: gone, attempts: 0 };
      try {
        return await call(found.entity, wanted);
      } catch (error) {
        // Deleted between the two looks at it.
        if (isFault(error, 'directory.notFound')) return { answer: gone, attempts: 0 };
        throw error;
      }
    },
  };
}
