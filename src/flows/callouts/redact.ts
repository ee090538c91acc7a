import type { AttributeValue } from '../attributes/read.ts';
import type { KnownAttribute } from './answer-claims.ts';
import type { ConnectorAudience, ConnectorStep } from './connector-step.ts';
import { sampleRequest } from './samples.ts';

type Members = Readonly<Record<string, unknown>>;

/** Members that say nothing of a person, by what their values must look like to be kept. */
const harmless: Readonly<Record<string, RegExp>> = {
  step: /^[A-Za-z]{1,40}$/,
  client_id: /^[0-9a-f-]{36}$/i,
  ui_locales: /^[A-Za-z0-9-]{1,35}$/,
  version: /^[\d.]{1,20}$/,
  action: /^[A-Za-z]{1,20}$/,
};

/** Names that an API may have made up are kept only as far as they look like names. */
const isName = (name: string): boolean => /^[A-Za-z]\w{0,127}$/.test(name);

/** More are not told of. */
const mostMembers = 200;

/** What may be told of names that an API has made up. */
export const toldNames = (names: readonly string[]): readonly string[] => names.filter(isName).slice(0, mostMembers);

/** A value of the same type that is nobody's. */
function stranger(value: unknown): unknown {
  if (typeof value === 'string') return value === '' ? '' : 'text';
  if (typeof value === 'number') return 1;
  if (typeof value === 'boolean') return true;
  return value === null ? null : Array.isArray(value) ? [] : {};
}

/** The same call of a person who does not exist: members and their types stay, values become those of the documented sample. */
export function redactedRequest(
  body: Members,
  {
    step,
    audience,
    attributes,
  }: {
    readonly step: ConnectorStep;
    readonly audience: ConnectorAudience;
    readonly attributes: readonly KnownAttribute[];
  },
): Members {
  const sample: Members = {
    ...sampleRequest('PostAttributeCollection', audience, { clientId: '', attributes }),
    ...sampleRequest('PreTokenIssuance', audience, { clientId: '', attributes }),
    ...sampleRequest(step, audience, { clientId: '', attributes }),
  };
  return Object.fromEntries(
    Object.entries(body).map(([name, value]) => {
      const form = Object.hasOwn(harmless, name) ? harmless[name] : undefined;
      if (form && typeof value === 'string' && form.test(value)) return [name, value];
      return [name, Object.hasOwn(sample, name) ? sample[name] : (stranger(value) as AttributeValue)];
    }),
  );
}

/** What an answer was made of: names and types. A message to the person is told by its length. */
export function redactedAnswer(body: Buffer): Members | null {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body.toString('utf8'));
  } catch {
    return null;
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return null;
  const kept = Object.entries(parsed).filter(([name]) => isName(name));
  return Object.fromEntries(
    kept.slice(0, mostMembers).map(([name, value]) => {
      const form = Object.hasOwn(harmless, name) ? harmless[name] : undefined;
      if (form && typeof value === 'string' && form.test(value)) return [name, value];
      if (name === 'status' && (value === 400 || value === '400')) return [name, value];
      if (name === 'userMessage' && typeof value === 'string') return [name, `(${value.length} characters)`];
      return [name, stranger(value)];
    }),
  );
}
