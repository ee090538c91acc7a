import type { Outside, OutsideAnswer, OutsideFailure, OutsideRequest } from '../../connectors/index.ts';
import type { Directory, Versioned } from '../../directory/index.ts';
import { type Clock, isFault } from '../../kernel/index.ts';
import { entities } from '../../model/index.ts';
import { withActive } from '../connectors/client-certificate.ts';
import type { KnownAttribute } from './answer-claims.ts';
import { createCircuitBreaker } from './circuit-breaker.ts';
import type { ConnectorAudience, ConnectorStep } from './connector-step.ts';
import {
  type AnswerGround,
  type CallFailure,
  type ConnectorAnswer,
  type Flaw,
  mostAnswerBytes,
  readConnectorAnswer,
} from './read-answer.ts';

/** One call that a journey wants made. */
export interface ConnectorCall {
  readonly connectorId: string;
  readonly step: ConnectorStep;
  readonly audience: ConnectorAudience;
  readonly body: Readonly<Record<string, unknown>>;
  readonly attributes: readonly KnownAttribute[];
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
}

interface Services {
  readonly directory: Pick<Directory, 'get' | 'reveal' | 'tenant'>;
  readonly outside: Outside;
  readonly clock: Clock;
  /** How long one attempt may take; 20 seconds when absent (b2c contract k). */
  readonly milliseconds?: number | undefined;
}

const type = entities.identityApiConnector;
type Connector = Versioned<typeof type>['entity'];

const attemptMilliseconds = 20_000;
const mostAttempts = 2;

/** Failures after which the same call may come through. */
const passing: readonly OutsideFailure[] = ['timedOut', 'unknownHost', 'unreachable'];

/** How a call proves who is calling. */
interface Proof extends Pick<OutsideRequest, 'headers' | 'credentials'> {
  readonly credentials?: NonNullable<OutsideRequest['credentials']>;
  readonly kind: AnswerGround['credentials'];
}

const sentences: Readonly<Record<CallFailure, string>> = {
  forbidden: 'its address is not one that may be called; the operator can allow it (--outside-allow)',
  timedOut: 'it did not answer in time',
  tooLong: `its answer is longer than ${mostAnswerBytes} bytes`,
  unknownHost: 'the name of its server is not known',
  unreachable: 'no connection to it could be made, or it was broken off',
  resting: 'it failed several times in a row and is not called for a while',
};

/** Too long an answer is one that cannot be read; the others are none. */
const failure = (cause: CallFailure): Flaw => ({
  kind: 'Flaw',
  code: cause === 'tooLong' ? 'AADB2C90261' : 'AADB2C90162',
  sentence: sentences[cause],
  cause,
});

const gone: Flaw = { kind: 'Flaw', code: 'AADB2C90162', sentence: 'the API connector does not exist any more' };
const uncertified: Flaw = {
  kind: 'Flaw',
  code: 'AADB2C90028',
  sentence: 'no client certificate of the API connector is valid now',
};

const basic = (username: string, password: string): Proof => ({
  kind: 'password',
  headers: { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` },
});

/** Down, or as good as down: no answer, or one that says so. */
const isAlive = (answer: OutsideAnswer): boolean =>
  answer.kind === 'answered' ? answer.status < 500 : answer.cause === 'tooLong' || answer.cause === 'forbidden';

/** See `ConnectorCalls`. What an API is sent and what it answers is neither logged nor kept. */
export function createConnectorCalls({
  directory,
  outside,
  clock,
  milliseconds = attemptMilliseconds,
}: Services): ConnectorCalls {
  const breaker = createCircuitBreaker(clock);

  async function proofOf({ id, authenticationConfiguration: given }: Connector): Promise<Proof | undefined> {
    const secrets = await directory.reveal({ type, id });
    if (given['@odata.type'] === 'basicAuthentication') {
      return basic(given.username, secrets['authenticationConfiguration/password'] ?? '');
    }
    if (given['@odata.type'] !== 'clientCertificateAuthentication') return undefined;
    const index = withActive(given.certificateList, clock.now()).findIndex(({ isActive }) => isActive);
    const cert = given.certificateList[index]?.certificateChain;
    const key = secrets[`authenticationConfiguration/certificateList/${index}/privateKey`];
    return cert === undefined || key === undefined ? undefined : { kind: 'certificate', credentials: { cert, key } };
  }

  /** Waits for an answer once, and once more (b2c contract f.3). */
  async function send(request: OutsideRequest): Promise<{ readonly answer: OutsideAnswer; readonly attempts: number }> {
    for (let attempts = 1; ; attempts += 1) {
      const answer = await outside.send(request);
      if (answer.kind === 'answered' || attempts === mostAttempts || !passing.includes(answer.cause)) {
        return { answer, attempts };
      }
    }
  }

  async function call(
    connector: Connector,
    { step, audience, body, attributes }: ConnectorCall,
  ): Promise<ConnectorOutcome> {
    const proof = await proofOf(connector);
    if (!proof) return { answer: uncertified, attempts: 0 };
    const key = `${connector.id} ${connector.targetUrl}`;
    if (!breaker.admits(key)) return { answer: failure('resting'), attempts: 0 };
    const { kind, ...shown } = proof;
    const { answer, attempts } = await send({
      method: 'POST',
      url: connector.targetUrl,
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json', ...shown.headers },
      ...(shown.credentials ? { credentials: shown.credentials } : {}),
      purpose: `api connector ${directory.tenant.id} ${connector.id}`,
      milliseconds,
      bytes: mostAnswerBytes,
    });
    breaker.told(key, isAlive(answer));
    if (answer.kind === 'failed') return { answer: failure(answer.cause), attempts };
    return { answer: readConnectorAnswer(step, audience, answer, { attributes, credentials: kind }), attempts };
  }

  return {
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
