import type { OutsideAnswer, OutsideFailure } from '../../connectors/index.ts';
import type { AttributeValue } from '../attributes/read.ts';
import { type KnownAttribute, readClaims } from './answer-claims.ts';
import type { ConnectorAudience, ConnectorStep } from './connector-step.ts';

/** What an API sent back. */
export type HttpAnswer = Pick<Extract<OutsideAnswer, { readonly kind: 'answered' }>, 'status' | 'contentType' | 'body'>;

/** Codes of what can be wrong with a call (b2c contract f.3). */
export type FlawCode = 'AADB2C90027' | 'AADB2C90028' | 'AADB2C90075' | 'AADB2C90162' | 'AADB2C90261';

/** An answer that nobody can go on with. */
export interface Flaw {
  readonly kind: 'Flaw';
  readonly code: FlawCode;
  /** What is wrong, for whoever writes the API: one English sentence without a value of the answer in it. */
  readonly sentence: string;
  /** Of an answer whose status says that it is none. */
  readonly status?: number;
  /** Why there is no answer at all. */
  readonly cause?: CallFailure;
}

/** `resting`: the API failed so often that nobody is sent there for a while. */
export type CallFailure = OutsideFailure | 'resting';

/** What an answer comes to. */
export type ConnectorAnswer =
  | {
      readonly kind: 'Continue';
      /** By attribute id; `''`: the value is to be removed. */
      readonly claims: Readonly<Record<string, AttributeValue>>;
      /** Names of members that mean nothing here, as they were sent. */
      readonly ignored: readonly string[];
    }
  | { readonly kind: 'ShowBlockPage'; readonly userMessage: string }
  | { readonly kind: 'ValidationError'; readonly userMessage: string }
  | Flaw;

type Action = Exclude<ConnectorAnswer['kind'], 'Flaw'>;

const actions: readonly Action[] = ['Continue', 'ShowBlockPage', 'ValidationError'];

/** Bytes of an answer that are read: a claim of each attribute a tenant can have, with its longest value, has room. */
export const mostAnswerBytes = 65_536;

/** Characters of a message to people. */
const mostMessage = 2_000;

/** Which answers a step takes (b2c contract f.3). */
const allowed: Readonly<Record<ConnectorStep, readonly Action[]>> = {
  PostFederationSignup: ['Continue', 'ShowBlockPage'],
  PostAttributeCollection: ['Continue', 'ShowBlockPage', 'ValidationError'],
  PreTokenIssuance: ['Continue'],
};

const unreadable = (sentence: string): Flaw => ({ kind: 'Flaw', code: 'AADB2C90261', sentence });
const refused = (status: number, sentence: string): Flaw => ({ kind: 'Flaw', code: 'AADB2C90075', sentence, status });

type Members = Readonly<Record<string, unknown>>;
type Reading = { readonly kind: 'members'; readonly members: Members } | Flaw;

/** What an answer is judged by besides itself. */
export interface AnswerGround {
  /** What an answer may speak of: the attributes of the tenant. */
  readonly attributes: readonly KnownAttribute[];
  /** By what the call was authenticated: it is that which a 401 refuses. */
  readonly credentials: 'password' | 'certificate';
}

/** Reads what an API answered at a step. Pure: whoever tests an API by hand is told the same as journeys are. */
export function readConnectorAnswer(
  step: ConnectorStep,
  audience: ConnectorAudience,
  answer: HttpAnswer,
  { attributes, credentials }: AnswerGround,
): ConnectorAnswer {
  const { status } = answer;
  if (audience === 'b2x' && step === 'PreTokenIssuance') return unreadable(`flows for guests call no API at ${step}`);
  if (status === 401 || status === 403) return unauthorized[credentials](status);
  if (status !== 200 && status !== 400) {
    return refused(status, `the answer has the status ${status}; it must be 200, or 400 for a ValidationError`);
  }
  const reading = membersOf(answer);
  const read = reading.kind === 'Flaw' ? reading : readAction(step, status, reading.members, attributes);
  // B2C tells a 400 without the exact body as the status that it is.
  return read.kind === 'Flaw' && status === 400 ? refused(status, read.sentence) : read;
}

const unauthorized: Readonly<Record<AnswerGround['credentials'], (status: number) => Flaw>> = {
  password: (status) => ({
    kind: 'Flaw',
    code: 'AADB2C90027',
    sentence: `the API refuses the user name and password of the connector (status ${status})`,
  }),
  certificate: (status) => ({
    kind: 'Flaw',
    code: 'AADB2C90028',
    sentence: `the API refuses the client certificate of the connector (status ${status})`,
  }),
};

function membersOf({ contentType, body }: HttpAnswer): Reading {
  const [type = ''] = contentType.toLowerCase().split(';');
  // Nothing said is no contradiction: small servers leave it out.
  if (type.trim() !== '' && !/^application\/([\w.+-]+\+)?json$/.test(type.trim())) {
    return unreadable('the answer must have the Content-Type application/json');
  }
  if (body.length > mostAnswerBytes) return unreadable(`the answer is longer than ${mostAnswerBytes} bytes`);
  const parsed = parse(body);
  if (parsed.kind === 'Flaw') return parsed;
  const { value } = parsed;
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? { kind: 'members', members: value as Members }
    : unreadable('the answer must be one JSON object');
}

function parse(body: Buffer): { readonly kind: 'json'; readonly value: unknown } | Flaw {
  let text: string;
  try {
    // A byte order mark is dropped, as .NET's writers put one in.
    text = new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    return unreadable('the answer is not valid UTF-8');
  }
  try {
    return { kind: 'json', value: JSON.parse(text) };
  } catch {
    return unreadable(
      text.trim() === '' ? 'the answer is empty; it must be a JSON object' : 'the answer is not valid JSON',
    );
  }
}

function readAction(
  step: ConnectorStep,
  status: number,
  members: Members,
  attributes: readonly KnownAttribute[],
): ConnectorAnswer {
  const flaw = flawOfVersion(members['version']);
  if (flaw !== undefined) return unreadable(flaw);
  const { action, userMessage } = members;
  const known = actions.find((one) => one === action);
  if (!known) {
    return unreadable(
      action === undefined
        ? "the member 'action' is missing"
        : `the member 'action' must be one of ${actions.join(', ')}, written exactly so`,
    );
  }
  if (!allowed[step].includes(known)) return unreadable(`${known} is no answer at ${step}; use ${list(allowed[step])}`);
  const misfit = flawOfStatus(known, status, members['status']);
  if (misfit !== undefined) return unreadable(misfit);
  if (known === 'Continue') return readContinue(members, attributes);
  if (typeof userMessage !== 'string' || userMessage.trim() === '') {
    return unreadable(`${known} needs the member 'userMessage': a text for the person`);
  }
  if (userMessage.length > mostMessage) return unreadable(`'userMessage' is longer than ${mostMessage} characters`);
  return { kind: known, userMessage: userMessage.trim() };
}

const list = (names: readonly string[]): string => new Intl.ListFormat('en', { type: 'disjunction' }).format(names);

/** All samples say 1.0.0, and those of custom policies 1.0.1; the first number is what would change if the members did. */
function flawOfVersion(version: unknown): string | undefined {
  if (version === undefined) return 'the member \'version\' is missing; it must be "1.0.0"';
  if (typeof version !== 'string') return 'the member \'version\' must be a text, "1.0.0"';
  return /^1(\.\d{1,9}){0,2}$/.test(version)
    ? undefined
    : 'the member \'version\' names a version that is not known here; use "1.0.0"';
}

function flawOfStatus(action: Action, http: number, status: unknown): string | undefined {
  if (action !== 'ValidationError') {
    return http === 200 ? undefined : `${action} must have the HTTP status 200, not ${http}`;
  }
  if (http !== 400) return `ValidationError must have the HTTP status 400, not ${http}`;
  return status === 400 || status === '400'
    ? undefined
    : "ValidationError needs the member 'status' with the value 400";
}

function readContinue(members: Members, attributes: readonly KnownAttribute[]): ConnectorAnswer {
  const { claims, ignored, flaw } = readClaims(members, attributes);
  return flaw === undefined ? { kind: 'Continue', claims, ignored } : unreadable(flaw);
}
