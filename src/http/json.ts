import type { Exchange, Reply } from './face.ts';
import { faults } from './faults.ts';
import { mediaType } from './media-type.ts';

/** Deeper than any resource, shallow enough that a recursive reader cannot run out of stack. */
const deepest = 64;

const utf8 = new TextDecoder('utf-8', { fatal: true });

const steps: Readonly<Record<string, number>> = { '{': 1, '[': 1, '}': -1, ']': -1 };

/** Nesting of brackets outside of strings; wrong only for text that is not JSON, which the parser refuses anyway. */
function tooDeep(text: string): boolean {
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const one = text.charAt(at);
    if (quoted && one === '\\') at += 1;
    else if (one === '"') quoted = !quoted;
    else if (!quoted) depth += steps[one] ?? 0;
    if (depth > deepest) return true;
  }
  return false;
}

/** Throws `http.malformedJson`: not UTF-8, not JSON, or nested too deep. */
export function parseJson(body: Uint8Array): unknown {
  let text: string;
  try {
    text = utf8.decode(body);
  } catch (cause) {
    throw faults.malformedJson({ reason: 'it is not UTF-8' }, cause);
  }
  if (tooDeep(text)) throw faults.malformedJson({ reason: `it is nested deeper than ${deepest} levels` });
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw faults.malformedJson({ reason: 'the text ends or continues where it must not' }, cause);
  }
}

/** Reads the body as JSON (`application/json` or any `+json` type). Throws also `http.unsupportedMediaType`, `http.tooLarge`. */
export async function readJson(exchange: Exchange): Promise<unknown> {
  const type = mediaType(exchange.headers);
  const expected = 'application/json';
  if (type !== expected && !type.endsWith('+json')) throw faults.unsupportedMediaType({ expected });
  return parseJson(await exchange.body());
}

export function jsonReply(status: number, value: unknown, headers: Reply['headers'] = {}): Reply {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store', ...headers },
    body: JSON.stringify(value),
  };
}

/** 303 by default: whatever the method was, the browser continues with GET (RFC 9110 §15.4.4), so no form is sent on. */
export function redirect(location: string, headers: Reply['headers'] = {}, status: 302 | 303 = 303): Reply {
  return { status, headers: { 'cache-control': 'no-store', ...headers, location } };
}
