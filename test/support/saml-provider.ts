import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import { inflateRawSync } from 'node:zlib';
import { signXml } from '@node-saml/node-saml/lib/xml.js';
import forge from 'node-forge';
import type { CallbackAnswer } from '../../src/federation/index.ts';
import { listenOnLoopback } from './loopback.ts';

/** A SAML identity provider that really listens, signs with a key of its own, and can be told to do it wrong. */

export interface SigningKey {
  readonly privateKey: string;
  /** Base64 of the DER form. */
  readonly certificate: string;
}

export function makeKey(bits = 2048): SigningKey {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: bits });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const key = forge.pki.privateKeyFromPem(pem);
  const made = forge.pki.createCertificate();
  made.publicKey = forge.pki.setRsaPublicKey(key.n, key.e);
  made.serialNumber = '01';
  made.validity.notBefore = new Date(Date.now() - 60_000);
  made.validity.notAfter = new Date(Date.now() + 3_600_000);
  made.sign(key, forge.md.sha256.create());
  const certificate = forge.pki.certificateToPem(made).replace(/-----[^-]+-----|\s/g, '');
  return { privateKey: pem, certificate };
}

/** What was asked. */
export interface AuthnRequest {
  readonly id: string;
  readonly issuer: string;
  readonly callback: string;
  readonly relayState: string;
  readonly isForced: boolean;
  readonly xml: string;
}

/** Everything that an assertion says; a test changes some of it. */
export interface Saying {
  readonly issuer: string;
  readonly audience: string;
  readonly recipient: string;
  readonly inResponseTo: string;
  readonly responseInResponseTo: string;
  readonly nameId: string;
  readonly nameIdAttributes: string;
  readonly method: string;
  /** Seconds from now. */
  readonly expiresIn: number;
  readonly validFromIn: number;
  readonly signedInAgo: number;
  readonly statuses: readonly string[];
  readonly attributes: Readonly<Record<string, string>>;
  readonly algorithm: 'sha1' | 'sha256' | 'sha512';
  readonly signs: 'assertion' | 'response' | 'both' | 'nothing';
  readonly key: SigningKey;
  /** Elements in place of those that are usual. */
  readonly conditions?: string;
  readonly authnStatement?: string;
  readonly confirmation?: string;
  /** The last word on the document, before and after it is signed. */
  readonly before?: (xml: string) => string;
  readonly after?: (xml: string) => string;
}

export const persistentFormat = 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent';

const instant = (seconds: number): string => new Date(Date.now() + seconds * 1000).toISOString();

const attributeXml = ([name, value]: readonly [string, string]): string =>
  `<saml:Attribute Name="${name}"><saml:AttributeValue>${value}</saml:AttributeValue></saml:Attribute>`;

export function assertionXml(say: Saying, id = '_assertion'): string {
  const confirmationData =
    `<saml:SubjectConfirmationData Recipient="${say.recipient}" InResponseTo="${say.inResponseTo}"` +
    ` NotOnOrAfter="${instant(say.expiresIn)}"/>`;
  const confirmation =
    say.confirmation ??
    `<saml:SubjectConfirmation Method="${say.method}">${confirmationData}</saml:SubjectConfirmation>`;
  const conditions =
    say.conditions ??
    `<saml:Conditions NotBefore="${instant(say.validFromIn)}" NotOnOrAfter="${instant(say.expiresIn)}">` +
      `<saml:AudienceRestriction><saml:Audience>${say.audience}</saml:Audience></saml:AudienceRestriction></saml:Conditions>`;
  const statement =
    say.authnStatement ??
    `<saml:AuthnStatement AuthnInstant="${instant(-say.signedInAgo)}" SessionIndex="_s"><saml:AuthnContext>` +
      '<saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef>' +
      '</saml:AuthnContext></saml:AuthnStatement>';
  return (
    `<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="${id}" Version="2.0" IssueInstant="${instant(0)}">` +
    `<saml:Issuer>${say.issuer}</saml:Issuer>` +
    `<saml:Subject><saml:NameID${say.nameIdAttributes}>${say.nameId}</saml:NameID>${confirmation}</saml:Subject>` +
    `${conditions}${statement}` +
    `<saml:AttributeStatement>${Object.entries(say.attributes).map(attributeXml).join('')}</saml:AttributeStatement>` +
    '</saml:Assertion>'
  );
}

function statusXml([code, ...rest]: readonly string[]): string {
  if (code === undefined) return '';
  return `<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:${code}">${statusXml(rest)}</samlp:StatusCode>`;
}

const responseXml = (say: Saying): string =>
  '<?xml version="1.0" encoding="UTF-8"?>' +
  '<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"' +
  ` ID="_response" Version="2.0" IssueInstant="${instant(0)}" Destination="${say.recipient}"` +
  ` InResponseTo="${say.responseInResponseTo}"><saml:Issuer>${say.issuer}</saml:Issuer>` +
  `<samlp:Status>${statusXml(say.statuses)}</samlp:Status>` +
  `${say.statuses[0] === 'Success' ? assertionXml(say) : ''}</samlp:Response>`;

/** Signs one element by its local name, the signature behind its issuer as the schema wants it. */
export function signed(
  xml: string,
  name: 'Assertion' | 'Response',
  { key, algorithm }: Pick<Saying, 'key' | 'algorithm'>,
): string {
  const path = `//*[local-name(.)='${name}']`;
  const location = { reference: `${path}/*[local-name(.)='Issuer']`, action: 'after' } as const;
  return signXml(xml, path, location, {
    privateKey: key.privateKey,
    publicCert: `-----BEGIN CERTIFICATE-----\n${key.certificate}\n-----END CERTIFICATE-----`,
    signatureAlgorithm: algorithm,
    digestAlgorithm: algorithm,
  });
}

export function sayXml(say: Saying): string {
  const xml = say.before?.(responseXml(say)) ?? responseXml(say);
  const withAssertion = say.signs === 'assertion' || say.signs === 'both' ? signed(xml, 'Assertion', say) : xml;
  const whole =
    say.signs === 'response' || say.signs === 'both' ? signed(withAssertion, 'Response', say) : withAssertion;
  return say.after?.(whole) ?? whole;
}

export interface LocalSamlProvider {
  readonly origin: string;
  readonly entityId: string;
  /** Signs what comes next. */
  key: SigningKey;
  /** What the metadata says, in place of the key above. */
  metadata: { readonly status?: number; readonly body: string } | undefined;
  readonly asked: string[];
  /** The browser goes there, the person signs in, and the form that comes back is sent. */
  visit(url: string, change?: (request: AuthnRequest) => Partial<Saying>): Promise<CallbackAnswer>;
  close(): Promise<void>;
}

function requestIn(url: URL): AuthnRequest {
  const xml = inflateRawSync(Buffer.from(url.searchParams.get('SAMLRequest') ?? '', 'base64')).toString();
  const found = (pattern: RegExp) => pattern.exec(xml)?.[1] ?? '';
  return {
    id: found(/ ID="([^"]+)"/),
    issuer: found(/<saml:Issuer[^>]*>([^<]+)</),
    callback: found(/AssertionConsumerServiceURL="([^"]+)"/),
    relayState: url.searchParams.get('RelayState') ?? '',
    isForced: xml.includes('ForceAuthn="true"'),
    xml,
  };
}

export const metadataXml = (entityId: string, certificate: string): string =>
  `<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="${entityId}">` +
  '<md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><md:KeyDescriptor use="signing">' +
  '<ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data>' +
  `<ds:X509Certificate>${certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>` +
  '</md:IDPSSODescriptor></md:EntityDescriptor>';

export async function startSamlProvider(key: SigningKey): Promise<LocalSamlProvider> {
  const asked: string[] = [];
  const entityId = 'https://idp.partner.example/entity';
  const local: { key: SigningKey; metadata: LocalSamlProvider['metadata'] } = { key, metadata: undefined };
  let change: (request: AuthnRequest) => Partial<Saying> = () => ({});

  function answerTo(request: AuthnRequest): string {
    const usual: Saying = {
      issuer: entityId,
      audience: request.issuer,
      recipient: request.callback,
      inResponseTo: request.id,
      responseInResponseTo: request.id,
      nameId: 'G-7f3a/9+c1==',
      nameIdAttributes: ` Format="${persistentFormat}"`,
      method: 'urn:oasis:names:tc:SAML:2.0:cm:bearer',
      expiresIn: 300,
      validFromIn: -5,
      signedInAgo: 0,
      statuses: ['Success'],
      attributes: { email: 'anna@partner.example' },
      algorithm: 'sha256',
      signs: 'assertion',
      key: local.key,
    };
    return sayXml({ ...usual, ...change(request) });
  }

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    asked.push(url.pathname);
    if (url.pathname === '/metadata') {
      const { status = 200, body } = local.metadata ?? { body: metadataXml(entityId, local.key.certificate) };
      response.writeHead(status, { 'content-type': 'application/samlmetadata+xml' }).end(body);
      return;
    }
    const asking = requestIn(url);
    const fields = { SAMLResponse: Buffer.from(answerTo(asking)).toString('base64'), RelayState: asking.relayState };
    // A browser is sent on by the page itself, as real providers do it (SAML 2.0 Bindings §3.5.4).
    if (request.headers.accept?.includes('text/html')) {
      const inputs = Object.entries(fields).map(([name, value]) => `<input name="${name}" value="${value}">`);
      const form = `<form method="post" action="${asking.callback}">${inputs.join('')}</form>`;
      const page = `<!doctype html>${form}<script>document.forms[0].submit()</script>`;
      response.writeHead(200, { 'content-type': 'text/html' }).end(page);
      return;
    }
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(fields));
  });
  const { port, close } = await listenOnLoopback(server);

  return {
    origin: `http://localhost:${port}`,
    entityId,
    asked,
    get key() {
      return local.key;
    },
    set key(next) {
      local.key = next;
    },
    get metadata() {
      return local.metadata;
    },
    set metadata(next) {
      local.metadata = next;
    },
    async visit(url, changed = () => ({})) {
      change = changed;
      const response = await fetch(url);
      assert.equal(response.status, 200);
      return { params: (await response.json()) as Readonly<Record<string, string>> };
    },
    close,
  };
}
