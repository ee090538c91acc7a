import { failed, isMembers, type Members, type Reading } from '../oauth2-answer.ts';

/** Signed XML from outside: how it comes, how it may be signed, and how its elements are read. */

/** Signatures over the assertion as it stands, with SHA-2 (RFC 9231; SHA-1 can be forged). */
const algorithms: ReadonlySet<string> = new Set([
  'http://www.w3.org/2000/09/xmldsig#enveloped-signature',
  'http://www.w3.org/2001/10/xml-exc-c14n#',
  'http://www.w3.org/2001/04/xmlenc#sha256',
  'http://www.w3.org/2001/04/xmlenc#sha512',
  'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
  'http://www.w3.org/2001/04/xmldsig-more#rsa-sha512',
]);

/** Names of algorithms are read as they are written, so one that is disguised by references is none of these. */
export function flawOfAlgorithms(text: string): string | undefined {
  const named = [...text.matchAll(/\bAlgorithm\s*=\s*(?:"([^"]*)"|'([^']*)')/g)].map(([, a, b]) => a ?? b ?? '');
  return named.every((name) => algorithms.has(name)) ? undefined : 'it names an algorithm that is not accepted';
}

/** What a form's Base64 holds; decoders let errors pass that change what is signed. */
export function decoded(base64: string): Reading<string> {
  const text = base64.replace(/[\r\n]/g, '');
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text) || text.length % 4 !== 0) return failed('the answer is not Base64');
  try {
    const value = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(text, 'base64'));
    return { kind: 'read', value };
  } catch {
    return failed('the answer is not UTF-8');
  }
}

/** An element as the library's parser hands it over: children by local name, `_` its text, `$` its attributes. */
export type Element = Members;

export function childrenOf(element: Element, name: string): readonly Element[] {
  const found = element[name];
  return Array.isArray(found) ? found.filter(isMembers) : [];
}

/** The only child of the name; `undefined`: there is none, or several. */
export function childOf(element: Element, name: string): Element | undefined {
  const [first, ...others] = childrenOf(element, name);
  return others.length === 0 ? first : undefined;
}

export function textOf(element: Element | undefined): string | undefined {
  const text = element?.['_'];
  return typeof text === 'string' ? text : undefined;
}

export function attributeOf(element: Element, name: string): string | undefined {
  const attributes = element['$'];
  const value = isMembers(attributes) && Object.hasOwn(attributes, name) ? attributes[name] : undefined;
  return typeof value === 'string' ? value : undefined;
}
