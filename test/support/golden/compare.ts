import assert from 'node:assert/strict';
import { type Body, isPlaceholder } from './example.ts';

/** What the comparison of one example needs to know. */
export interface Comparing {
  /** `https://localhost:…`. */
  readonly origin: string;
  /** Puts the server's ids in place of the example's. */
  readonly translate: (text: string) => string;
  /** The answer tells of events of its own: names and types count, not what happened. */
  readonly shapeOnly?: boolean;
  /** The page's context does not tell what is selected, as the pages of delta queries. */
  readonly selectsSilently?: boolean;
}

/** Members whose value is the server's own: the type of the value counts. */
const serverMade = new Set([
  'id',
  'appId',
  'keyId',
  'secretText',
  'hint',
  'correlationId',
  'inviteRedeemUrl',
  '@odata.count',
  'thumbprint',
  'notBefore',
  'notAfter',
  'appOwnerOrganizationId',
  'servicePrincipalNames',
  'appDisplayName',
  'publisherDomain',
  'userPrincipalName',
]);
const masked = new Set(['clientSecret', 'certificateData', 'password', 'secret']);
/** Legacy names of the same things in the lists of a flow (Graph contract e row 32). */
const renamed: Readonly<Record<string, string>> = { type: 'identityProviderType', name: 'displayName' };

/**
 * The rules at the end of the Graph contract: documented bodies may be shortened, placeholders stand for anything, enum members and
 * type names match without regard to case, secrets are masked, and a server may answer more than a page shows.
 */
export function compare(expected: Body, actual: Body, comparing: Comparing, at = 'body'): void {
  if (isNothing(expected) || (typeof expected === 'string' && isPlaceholder(expected))) return;
  if (Array.isArray(expected)) compareItems(expected, actual, comparing, at);
  else if (typeof expected !== 'object') compareScalar(expected, actual, comparing, at);
  else compareMembers(expected, actual, comparing, at);
}

/** A value that a page leaves open all the way down. */
const isNothing = (expected: Body): boolean =>
  expected === null ||
  (typeof expected === 'object' && Object.values(expected).length > 0 && Object.values(expected).every(isNothing));

function compareMembers(expected: Body, actual: Body, comparing: Comparing, at: string): void {
  if (comparing.shapeOnly && actual === null) return;
  assert.ok(typeof actual === 'object' && actual !== null, `${at} is an object: ${JSON.stringify(actual)}`);
  for (const [name, value] of Object.entries(expected)) {
    const there = nameIn(actual, name);
    compareMember(name, value, actual[there], comparing, `${at}.${name}`);
  }
}

/** The name itself, its later form, or the same one in another case. */
function nameIn(actual: Body, name: string): string {
  if (name in actual) return name;
  const alias = renamed[name];
  if (alias !== undefined && alias in actual) return alias;
  return Object.keys(actual).find((other) => other.toLowerCase() === name.toLowerCase()) ?? name;
}

function compareItems(expected: readonly Body[], actual: Body, comparing: Comparing, at: string): void {
  assert.ok(Array.isArray(actual), `${at} is a list`);
  if (comparing.shapeOnly && actual.length === 0 && at !== 'body.value') return;
  for (const [index, item] of expected.entries()) {
    const problems: unknown[] = [];
    // Other things exist beside the example's: it must be found among them.
    const found = likely(item, actual, comparing).some((candidate) => {
      try {
        compare(item, candidate, comparing, `${at}[${index}]`);
        return true;
      } catch (error) {
        problems.push(error);
        return false;
      }
    });
    if (!found) throw problems[0] ?? new assert.AssertionError({ message: `${at}[${index}] is missing` });
  }
}

function likely(item: Body, actual: readonly Body[], { translate }: Comparing): readonly Body[] {
  if (typeof item?.id !== 'string' || isPlaceholder(item.id)) return actual;
  const same = actual.filter(({ id }) => id?.toLowerCase() === translate(item.id).toLowerCase());
  return same.length > 0 ? same : actual;
}

function compareMember(name: string, expected: Body, actual: Body, comparing: Comparing, at: string): void {
  if (expected === null || name === '@odata.nextLink' || name === '@odata.deltaLink') return;
  if (name.endsWith('@odata.context')) compareContext(expected, actual, comparing, at);
  else if (name === '@odata.type') assert.equal(bare(actual ?? expected), bare(expected), at);
  else if (masked.has(name)) assert.match(String(actual), /^\*+$/, at);
  else if (serverMade.has(name) || name.endsWith('DateTime')) compareKind(expected, actual, comparing, at);
  else {
    assert.notEqual(actual, undefined, `${at} is there`);
    compare(expected, actual, comparing, at);
  }
}

const bare = (type: string): string => type.replace(/^#/, '').toLowerCase();

function compareKind(expected: Body, actual: Body, { shapeOnly }: Comparing, at: string): void {
  if (shapeOnly && actual === null) return;
  assert.equal(typeof actual, typeof expected, at);
}

function compareScalar(expected: Body, actual: Body, { translate, shapeOnly }: Comparing, at: string): void {
  if (shapeOnly && actual === null) return;
  assert.equal(typeof actual, typeof expected, `${at}: ${JSON.stringify(actual)} for ${JSON.stringify(expected)}`);
  if (shapeOnly) return;
  if (typeof expected === 'string') assert.equal(folded(actual), folded(translate(expected)), at);
  else assert.deepEqual(actual, expected, at);
}

/** Without regard to case, nor to which application holds an extension. */
const folded = (text: string): string => text.toLowerCase().replaceAll(/_[0-9a-f]{31,32}_/g, '_');

function compareContext(expected: string, actual: Body, comparing: Comparing, at: string): void {
  const { origin, translate, selectsSilently } = comparing;
  const told = selectsSilently ? String(actual).replace(/\([^()]*\)$/, '') : String(actual);
  const normal = (text: string): string =>
    text
      .replace('https://graph.microsoft.com', origin)
      // Some pages of v1.0 show contexts of beta.
      .replace('/v1.0/$metadata', '/beta/$metadata')
      .replaceAll(/\('[^']*'\)/g, "('')")
      .replace('#userFlowAttributes', '#identity/userFlowAttributes')
      // One page names the type of the value twice.
      .replace(/(\/microsoft\.graph\.\w+)\1/i, '$1')
      // Pages disagree on whether a list tells what it was expanded with.
      .replace(/\(identityProviders(\(\))?\)$/i, '')
      .toLowerCase();
  assert.equal(normal(told), normal(translate(expected)), at);
}

/** The key form does not matter, nor the host, nor ids of the server's making. */
export const locationOf = (text: string): string =>
  text
    .replaceAll('"', '')
    .replace(/^https:\/\/[^/]+\/[^/]+/, '')
    .replaceAll(/\('([^']*)'\)/g, '/$1')
    .replace(/_[0-9a-f]{31,32}_/, '_')
    .toLowerCase();
