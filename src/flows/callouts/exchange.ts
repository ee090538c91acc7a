import type { Outside, OutsideAnswer, OutsideRequest } from '../../connectors/index.ts';
import type { KnownAttribute } from './answer-claims.ts';
import { isUnanswered, sendUpTo } from './attempts.ts';
import type { ConnectorAudience, ConnectorStep } from './connector-step.ts';
import {
  type AnswerGround,
  type CallFailure,
  type ConnectorAnswer,
  type Flaw,
  mostAnswerBytes,
  readConnectorAnswer,
} from './read-answer.ts';

/** How a call proves who is calling. */
export interface Proof extends Pick<OutsideRequest, 'headers' | 'credentials'> {
  readonly credentials?: NonNullable<OutsideRequest['credentials']>;
  readonly kind: AnswerGround['credentials'];
}

/** An API, and what it is asked. */
export interface ConnectorRequest {
  readonly url: string;
  /** Absent: nothing is shown. */
  readonly proof?: Proof;
  readonly step: ConnectorStep;
  readonly audience: ConnectorAudience;
  readonly body: Readonly<Record<string, unknown>>;
  readonly attributes: readonly KnownAttribute[];
  /** See `OutsideRequest.purpose`. */
  readonly purpose?: string;
}

/** What came of asking an API. */
export interface Exchanged {
  readonly answer: ConnectorAnswer;
  readonly attempts: number;
  /** As it came. */
  readonly http: OutsideAnswer;
  /** With all attempts. */
  readonly milliseconds: number;
}

/** How long one attempt may take (b2c contract k). */
export const attemptMilliseconds = 20_000;
/** One call, and one more where nobody answered (b2c contract f.3). */
const mostAttempts = 2;

const sentences: Readonly<Record<CallFailure, string>> = {
  forbidden: 'its address is not one that may be called; the operator can allow it (--outside-allow)',
  timedOut: 'it did not answer in time',
  tooLong: `its answer is longer than ${mostAnswerBytes} bytes`,
  unknownHost: 'the name of its server is not known',
  unreachable: 'no connection to it could be made, or it was broken off',
  resting: 'it failed several times in a row and is not called for a while',
};

/** Too long an answer is one that cannot be read; the others are none. */
export const failureOf = (cause: CallFailure): Flaw => ({
  kind: 'Flaw',
  code: cause === 'tooLong' ? 'AADB2C90261' : 'AADB2C90162',
  sentence: sentences[cause],
  cause,
});

export const basicProof = (username: string, password: string): Proof => ({
  kind: 'password',
  headers: { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` },
});

/** Asks an API and reads what it answers. What it is sent and what it answers is neither logged nor kept here. */
export async function exchange(
  outside: Outside,
  { url, proof, step, audience, body, attributes, purpose }: ConnectorRequest,
  milliseconds: number = attemptMilliseconds,
): Promise<Exchanged> {
  const began = performance.now();
  const { http, attempts } = await sendUpTo(mostAttempts, isUnanswered, outside, {
    target: 'connector',
    method: 'POST',
    url,
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...proof?.headers },
    ...(proof?.credentials ? { credentials: proof.credentials } : {}),
    ...(purpose === undefined ? {} : { purpose }),
    milliseconds,
    bytes: mostAnswerBytes,
  });
  const ground = { attributes, credentials: proof?.kind ?? 'password' };
  const answer = http.kind === 'failed' ? failureOf(http.cause) : readConnectorAnswer(step, audience, http, ground);
  return { answer, attempts, http, milliseconds: Math.round(performance.now() - began) };
}
