import { X509Certificate } from 'node:crypto';
import { unreached } from '../oauth2-calls.ts';
import type { FederationServices } from '../services.ts';
import { type Bounds, flawOfXml } from './well-formed.ts';
import { attributeOf, childrenOf, type Element, textOf } from './xml.ts';

/** Certificates that a provider signs with, as PEM. */
export interface Keys {
  /** Those that were configured, and those of the metadata as it was last read. */
  known(): readonly string[];
  /** Reads the metadata again; false: it was read a moment ago, or there is none. */
  refresh(): Promise<boolean>;
}

const readMilliseconds = 8_000;
const largestMetadata = 256 * 1024;

/** That of Entra ID and of AD FS lists every claim type they know. Nothing in it is looked at that takes more than linear time. */
const metadataBounds: Bounds = { characters: largestMetadata, tags: 8_000, attributes: 8_000, depth: 24 };

/** Whoever sends answers with a wrong signature makes the server ask no more often, in seconds. */
const pauseSeconds = 300;

const mostKeys = 10;

function pemOf(base64: string): readonly string[] {
  try {
    const { raw, publicKey } = new X509Certificate(Buffer.from(base64.replace(/\s/g, ''), 'base64'));
    const isStrong = (publicKey.asymmetricKeyDetails?.modulusLength ?? 0) >= 2048;
    return isStrong ? [new X509Certificate(raw).toString()] : [];
  } catch {
    return [];
  }
}

/** Published metadata is commented, answers are not. A comment without an end is left for `flawOfXml` to refuse. */
function withoutComments(text: string): string {
  const kept: string[] = [];
  let at = 0;
  for (;;) {
    const begins = text.indexOf('<!--', at);
    // An expression would look for the end anew from every beginning: quadratic time for a document of beginnings alone.
    const ends = begins < 0 ? -1 : text.indexOf('-->', begins + 4);
    if (ends < 0) return [...kept, text.slice(at)].join('');
    kept.push(text.slice(at, begins));
    at = ends + 3;
  }
}

const descendants = (element: Element, [name, ...rest]: readonly string[]): readonly Element[] =>
  name === undefined ? [element] : childrenOf(element, name).flatMap((child) => descendants(child, rest));

/** The signing certificates of one identity provider (SAML 2.0 Metadata §2.4.1.1); none: the document is of another one. */
async function certificatesIn(text: string, issuer: string): Promise<readonly string[]> {
  const document = withoutComments(text);
  if (flawOfXml(document, metadataBounds) !== undefined) return [];
  const { parseXml2JsFromString } = await import('@node-saml/node-saml/lib/xml.js');
  const { EntityDescriptor: entity } = (await parseXml2JsFromString(document)) as {
    readonly EntityDescriptor?: Element;
  };
  if (!entity || attributeOf(entity, 'entityID') !== issuer) return [];
  return descendants(entity, ['IDPSSODescriptor', 'KeyDescriptor'])
    .filter((key) => attributeOf(key, 'use') !== 'encryption')
    .flatMap((key) => descendants(key, ['KeyInfo', 'X509Data', 'X509Certificate']))
    .flatMap((certificate) => pemOf(textOf(certificate) ?? ''))
    .slice(0, mostKeys);
}

export function createKeys(
  {
    id,
    issuer,
    certificate,
    metadataUrl,
  }: {
    readonly id: string;
    readonly issuer: string;
    readonly certificate: string | null;
    readonly metadataUrl: string | undefined;
  },
  { outside, clock, observe }: FederationServices,
): Keys {
  const configured = certificate === null ? [] : pemOf(certificate);
  let published: readonly string[] = [];
  let readAt: number | undefined;
  let reading: Promise<boolean> | undefined;

  const warn = (reason: string): false => {
    observe({
      kind: 'warning',
      message: `The metadata of the identity provider '${id}' could not be read: ${reason}.`,
    });
    return false;
  };

  async function read(url: string): Promise<boolean> {
    const headers = { accept: 'application/samlmetadata+xml, application/xml, text/xml' };
    const answer = await outside.send({
      target: 'document',
      method: 'GET',
      url,
      headers,
      milliseconds: readMilliseconds,
      bytes: largestMetadata,
    });
    if (answer.kind === 'failed') return warn(unreached[answer.cause]);
    if (answer.status !== 200) return warn(`it answered ${answer.status}`);
    const found = await certificatesIn(answer.body.toString('utf8'), issuer).catch(() => []);
    if (found.length === 0) return warn('there is no key of this provider in it');
    published = found;
    return true;
  }

  return {
    known: () => [...new Set([...configured, ...published])],
    async refresh() {
      if (reading) return reading;
      const now = clock.now();
      if (metadataUrl === undefined || (readAt !== undefined && now - readAt < pauseSeconds)) return false;
      readAt = now;
      reading = read(metadataUrl).finally(() => {
        reading = undefined;
      });
      return reading;
    },
  };
}
