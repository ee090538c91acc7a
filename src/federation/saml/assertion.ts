import { failed, type Reading } from '../oauth2-answer.ts';
import { attributesIn } from './attributes.ts';
import { persistent } from './service-provider.ts';
import { attributeOf, childOf, childrenOf, type Element, textOf } from './xml.ts';

/** What an assertion has to answer. */
export interface Question {
  /** Of the provider that was asked. */
  readonly issuer: string;
  readonly callback: string;
  /** Of this server there. */
  readonly audience: string;
  readonly requestId: string;
  /** The person must have proved themselves after this moment; seconds. */
  readonly freshSince?: number;
}

export interface Told {
  readonly subject: string;
  readonly attributes: Readonly<Record<string, string | undefined>>;
}

/** How far clocks may differ, in seconds. */
export const skewSeconds = 60;

const bearer = 'urn:oasis:names:tc:SAML:2.0:cm:bearer';

const secondsOf = (instant: string | undefined): number => Date.parse(instant ?? '') / 1000;

/** SAML 2.0 Profiles §4.1.4.2: meant for this address, as the answer to this request, and for a limited time. */
function confirms(confirmation: Element, { callback, requestId }: Question, now: number): boolean {
  const data = childOf(confirmation, 'SubjectConfirmationData');
  return (
    data !== undefined &&
    attributeOf(confirmation, 'Method') === bearer &&
    attributeOf(data, 'Recipient') === callback &&
    attributeOf(data, 'InResponseTo') === requestId &&
    attributeOf(data, 'NotBefore') === undefined &&
    secondsOf(attributeOf(data, 'NotOnOrAfter')) > now - skewSeconds
  );
}

/** The person's name. A transient one is another each time; one that is an address may pass to somebody else. */
function subjectOf(subject: Element, { audience }: Question): Reading<string> {
  const nameId = childOf(subject, 'NameID');
  if (!nameId) return failed('the assertion names nobody');
  if (attributeOf(nameId, 'Format') !== persistent) return failed('the NameID is not persistent');
  const qualifier = attributeOf(nameId, 'SPNameQualifier');
  if (qualifier !== undefined && qualifier !== audience) return failed('the NameID is meant for somebody else');
  const name = textOf(nameId) ?? '';
  if (!/^[\x21-\x7e]{1,256}$/.test(name)) return failed('the NameID is no name');
  if (name.includes('@')) return failed('the NameID is an address');
  return { kind: 'read', value: name };
}

const isAudience = (restriction: Element, audience: string): boolean =>
  childrenOf(restriction, 'Audience').some((one) => textOf(one) === audience);

function conditionsHold(assertion: Element, audience: string, now: number): boolean {
  const conditions = childOf(assertion, 'Conditions');
  if (!conditions) return false;
  const [from, until] = [attributeOf(conditions, 'NotBefore'), attributeOf(conditions, 'NotOnOrAfter')];
  if (from !== undefined && !(secondsOf(from) <= now + skewSeconds)) return false;
  if (until !== undefined && !(secondsOf(until) > now - skewSeconds)) return false;
  const restrictions = childrenOf(conditions, 'AudienceRestriction');
  return restrictions.length > 0 && restrictions.every((one) => isAudience(one, audience));
}

function isFresh(assertion: Element, since: number): boolean {
  const instants = childrenOf(assertion, 'AuthnStatement').map((one) => secondsOf(attributeOf(one, 'AuthnInstant')));
  return instants.some((instant) => instant >= since - skewSeconds);
}

/**
 * What a verified assertion says, when it was made for this question. `now`: seconds. The library looks at some of this as well; an assertion
 * that it accepts may still be meant for another address or come from another provider that uses the same key.
 */
export function readAssertion(assertion: Element, question: Question, now: number): Reading<Told> {
  const { issuer, audience, freshSince } = question;
  if (textOf(childOf(assertion, 'Issuer')) !== issuer) return failed('the assertion is of another issuer');
  if (childrenOf(assertion, 'AuthnStatement').length === 0) return failed('the assertion tells of no sign-in');
  if (!conditionsHold(assertion, audience, now)) return failed('the assertion is not for now, or not for this server');
  if (freshSince !== undefined && !isFresh(assertion, freshSince)) return failed('the sign-in there is not fresh');
  const subject = childOf(assertion, 'Subject');
  if (!subject) return failed('the assertion names nobody');
  if (!childrenOf(subject, 'SubjectConfirmation').some((one) => confirms(one, question, now))) {
    return failed('the assertion does not answer this request');
  }
  const name = subjectOf(subject, question);
  if (name.kind === 'failed') return name;
  return { kind: 'read', value: { subject: name.value, attributes: attributesIn(assertion) } };
}
