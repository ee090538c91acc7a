import type { OutsideAnswer } from '../../connectors/index.ts';
import { type ExtensionEvent, wires } from './event.ts';
import { type CallFailure, failed } from './failure.ts';

/** The one action of an answer, and what stands beside it. */
export interface Action {
  readonly kind: 'action';
  /** Without its prefix and in lower case, e.g. `showblockpage`. */
  readonly name: string;
  readonly members: Readonly<Record<string, unknown>>;
  /** The other members of `data`, e.g. `nonce`. */
  readonly data: Readonly<Record<string, unknown>>;
}

type Answered = Extract<OutsideAnswer, { readonly kind: 'answered' }>;

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Samples spell `@odata.type` and `@odata.Type`, with and without `#`; types are compared without regard to case. */
function typeOf(value: Readonly<Record<string, unknown>>): string | undefined {
  const name = Object.keys(value).find((key) => key.toLowerCase() === '@odata.type');
  const type = name === undefined ? undefined : value[name];
  return typeof type === 'string' ? type.replace(/^#/, '').toLowerCase() : undefined;
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(utf8.decode(body));
  } catch {
    return undefined;
  }
}

function badAnswer({ status, contentType, body }: Answered): CallFailure | undefined {
  if (status === 429) return failed('throttled', 'It answered with status 429: it is called too often.');
  if (status !== 200) return failed('badStatus', `It answered with status ${status}; every answer has status 200.`);
  if (body.length === 0) return failed('empty', 'It answered with an empty body.');
  if (!/^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i.test(contentType))
    return failed('badContentType', 'The content type of its answer is not application/json.');
  return undefined;
}

/** Reads what came back: the frame that all events share. */
export function readAction(event: ExtensionEvent, answer: Answered): Action | CallFailure {
  const bad = badAnswer(answer);
  if (bad) return bad;
  const body = jsonOf(answer.body);
  if (!isRecord(body)) return failed('badBody', 'Its answer is not a JSON object in UTF-8.');
  const { data } = body;
  if (!isRecord(data)) return failed('badBody', "Its answer has no object 'data'.");
  const { response, action: prefix } = wires[event];
  if (typeOf(data) !== `microsoft.graph.${response}`.toLowerCase())
    return failed('badSchema', `The @odata.type of 'data' is not 'microsoft.graph.${response}'.`);
  const { actions } = data;
  if (!Array.isArray(actions) || actions.length !== 1)
    return failed('badActionCount', "There is not exactly one action in 'data.actions'.");
  const [members]: readonly unknown[] = actions;
  const type = isRecord(members) ? typeOf(members) : undefined;
  const expected = `microsoft.graph.${prefix}.`.toLowerCase();
  if (!isRecord(members) || !type?.startsWith(expected))
    return failed('badActionType', `The @odata.type of the action does not begin with 'microsoft.graph.${prefix}.'.`);
  return { kind: 'action', name: type.slice(expected.length), members, data };
}

export const unknownAction = (): CallFailure => failed('badActionType', 'The event has no action of that type.');

/** Characters of a text for people. */
const mostText = 2_000;

/** A text that people are shown; undefined: there is none. */
export function textIn(members: Readonly<Record<string, unknown>>, name: string): string | undefined | CallFailure {
  const text = members[name];
  if (text === undefined || text === null || text === '') return undefined;
  if (typeof text !== 'string') return failed('badBody', `'${name}' is not a text.`);
  return text.length > mostText ? failed('badBody', `'${name}' has more than ${mostText} characters.`) : text;
}
