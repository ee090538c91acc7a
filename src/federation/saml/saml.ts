import { randomBytes } from 'node:crypto';
import type { CacheProvider, SAML } from '@node-saml/node-saml';
import { sameSecret } from '../../kernel/index.ts';
import { failed, isMembers, type Reading, told } from '../oauth2-answer.ts';
import type { CallbackAnswer, Departed, Departure, ForeignOutcome } from '../provider.ts';
import { type Question, readAssertion, skewSeconds, type Told } from './assertion.ts';
import type { Keys } from './keys.ts';
import { persistent, serviceProviderId } from './service-provider.ts';
import { flawOfXml } from './well-formed.ts';
import { decoded, type Element, flawOfAlgorithms } from './xml.ts';

/** SAML 2.0 Web Browser SSO (Profiles §4.1): the request in a redirect, the answer in a form. */

/** A provider as it is asked. */
export interface SamlProvider {
  /** Its entity id. */
  readonly issuer: string;
  readonly signInUrl: string;
  readonly keys: Keys;
}

/** Asked for, beside those that turned back, when a provider does not say who it is (SAML 2.0 Core §3.2.2.2). */
const refusals: readonly string[] = ['AuthnFailed', 'RequestDenied'];

/** Only the request that this journey made is waited for; that its answer is taken once is seen to by whoever keeps the journey. */
const onlyRequest = (requestId: string): CacheProvider => ({
  saveAsync: async () => null,
  getAsync: async (id) => (id === requestId ? new Date().toISOString() : null),
  removeAsync: async () => null,
});

async function speaker(
  { signInUrl }: Pick<SamlProvider, 'signInUrl'>,
  departure: Departure,
  requestId: string,
  certificates: readonly string[],
): Promise<SAML> {
  const { SAML, ValidateInResponseTo } = await import('@node-saml/node-saml');
  return new SAML({
    issuer: serviceProviderId(departure.callback),
    audience: serviceProviderId(departure.callback),
    callbackUrl: departure.callback,
    entryPoint: signInUrl,
    idpCert: [...certificates],
    identifierFormat: persistent,
    allowCreate: true,
    disableRequestedAuthnContext: true,
    forceAuthn: departure.isFresh === true,
    wantAssertionsSigned: true,
    wantAuthnResponseSigned: false,
    acceptedClockSkewMs: skewSeconds * 1000,
    validateInResponseTo: ValidateInResponseTo.always,
    cacheProvider: onlyRequest(requestId),
    generateUniqueId: () => requestId,
  });
}

export async function departToSaml(provider: SamlProvider, departure: Departure, now: number): Promise<Departed> {
  const requestId = `_${randomBytes(16).toString('hex')}`;
  const saml = await speaker(provider, departure, requestId, provider.keys.known());
  const url = await saml.getAuthorizeUrlAsync(departure.state, undefined, {});
  return { url, kept: { requestId, askedAt: String(now) } };
}

/** `…:status:Success`, or why there is no assertion; codes within codes are told together. */
function statusesIn(xml: string): readonly string[] {
  const codes = xml.matchAll(
    /<(?:[\w.-]+:)?StatusCode\s[^<>]*?Value\s*=\s*["']urn:oasis:names:tc:SAML:2\.0:status:(\w+)["']/g,
  );
  return [...codes].map(([, code]) => code ?? '');
}

/** The answer as XML, once it may be parsed. */
function documentIn({ params }: CallbackAnswer, { state }: Departure): Reading<string> {
  const { RelayState: echoed, SAMLResponse: response } = params;
  if (echoed === undefined || !sameSecret(echoed, state)) return failed('the answer bears another state');
  if (response === undefined) return failed('there is no answer');
  const document = decoded(response);
  if (document.kind === 'failed') return document;
  const flaw = flawOfXml(document.value) ?? flawOfAlgorithms(document.value);
  return flaw === undefined ? document : failed(`the answer is not read: ${flaw}`);
}

/** The assertion that one of the certificates has signed; nothing outside of it is looked at. */
async function verified(saml: SAML, document: string): Promise<Element | undefined> {
  try {
    const SAMLResponse = Buffer.from(document).toString('base64');
    const { profile } = await saml.validatePostResponseAsync({ SAMLResponse });
    const assertion = profile?.getAssertion?.()['Assertion'];
    return isMembers(assertion) ? assertion : undefined;
  } catch {
    return undefined;
  }
}

async function assertionIn(
  provider: SamlProvider,
  document: string,
  departed: Departure,
  requestId: string,
): Promise<Element | undefined> {
  const attempt = async () => {
    const certificates = provider.keys.known();
    if (certificates.length === 0) return undefined;
    return verified(await speaker(provider, departed, requestId, certificates), document);
  };
  return (await attempt()) ?? ((await provider.keys.refresh()) ? attempt() : undefined);
}

export async function receiveFromSaml(
  provider: SamlProvider,
  answer: CallbackAnswer,
  departed: Departure & Pick<Departed, 'kept'>,
  now: number,
): Promise<Reading<Told> | Extract<ForeignOutcome, { kind: 'cancelled' }>> {
  const { requestId = '', askedAt } = departed.kept;
  const document = documentIn(answer, departed);
  if (document.kind === 'failed') return document;
  const [status, ...details] = statusesIn(document.value);
  if (status !== 'Success') {
    const known = [...details, status].find((code) => told(code) !== undefined);
    return known !== undefined && refusals.includes(known)
      ? { kind: 'cancelled' }
      : failed(`the provider answered '${known ?? 'without a status'}'`);
  }
  const assertion = await assertionIn(provider, document.value, departed, requestId);
  if (!assertion) return failed('the answer holds no assertion that the provider signed for this request');
  const question: Question = {
    issuer: provider.issuer,
    callback: departed.callback,
    audience: serviceProviderId(departed.callback),
    requestId,
    ...(departed.isFresh ? { freshSince: Number(askedAt) } : {}),
  };
  return readAssertion(assertion, question, now);
}
