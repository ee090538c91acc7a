import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type AuthnRequest,
  assertionXml,
  type LocalSamlProvider,
  persistentFormat,
} from '../../../test/support/saml-provider.ts';
import { others, reasonOf, settle } from '../testing/saml-setting.ts';

test('what was changed after it was signed proves nobody', async (t) => {
  const { signIn } = await settle(t);
  const swaps: readonly (readonly [string, string])[] = [
    ['G-7f3a/9+c1==', 'G-somebody'],
    ['anna@partner.example', 'boss@partner.example'],
    ['</saml:Subject>', '<saml:NameID>x</saml:NameID></saml:Subject>'],
  ];
  for (const [from, to] of swaps) {
    const outcome = await signIn(() => ({ after: (xml) => xml.replace(from, to) }));
    assert.match(reasonOf(outcome), /no assertion that the provider signed/, from);
  }
});

/** An assertion of the attacker's own making, about somebody else. */
const evilFor = (request: AuthnRequest, local: LocalSamlProvider, id: string): string =>
  assertionXml(
    {
      issuer: local.entityId,
      audience: request.issuer,
      recipient: request.callback,
      inResponseTo: request.id,
      responseInResponseTo: request.id,
      nameId: 'victim',
      nameIdAttributes: ` Format="${persistentFormat}"`,
      method: 'urn:oasis:names:tc:SAML:2.0:cm:bearer',
      expiresIn: 300,
      validFromIn: -5,
      signedInAgo: 0,
      statuses: [],
      attributes: {},
      algorithm: 'sha256',
      signs: 'nothing',
      key: others,
    },
    id,
  );

const original = /<saml:Assertion[\s\S]*<\/saml:Assertion>/;
const signature = /<Signature[\s\S]*?<\/Signature>|<ds:Signature[\s\S]*?<\/ds:Signature>/;

/** Places for a forged assertion beside or around the signed one (Somorovsky et al., "On Breaking SAML", 2012). */
const wrappings: Readonly<Record<string, (xml: string, evil: string) => string>> = {
  'before the signed one': (xml, evil) => xml.replace(original, (own) => evil + own),
  'behind the signed one': (xml, evil) => xml.replace(original, (own) => own + evil),
  'around the signed one': (xml, evil) =>
    xml.replace(original, (own) => evil.replace('</saml:Assertion>', `${own}</saml:Assertion>`)),
  'with the signed one as an extension of the response': (xml, evil) =>
    xml.replace(original, (own) => `<samlp:Extensions>${own}</samlp:Extensions>${evil}`),
  'with the signature moved into it, and the signed one in an object': (xml, evil) =>
    xml.replace(original, (own) => {
      const [moved = ''] = signature.exec(own) ?? [];
      const object = `<Object xmlns="http://www.w3.org/2000/09/xmldsig#">${own.replace(signature, '')}</Object>`;
      const wrapped = moved.replace(/<\/(ds:)?Signature>$/, (end) => `${object}${end}`);
      return evil.replace('</saml:Issuer>', `</saml:Issuer>${wrapped}`);
    }),
  'with the signature moved into it, and the signed one behind': (xml, evil) =>
    xml.replace(original, (own) => {
      const [moved = ''] = signature.exec(own) ?? [];
      return evil.replace('</saml:Issuer>', `</saml:Issuer>${moved}`) + own.replace(signature, '');
    }),
  'with the signed one inside its own subject': (xml, evil) =>
    xml.replace(original, (own) => evil.replace('</saml:Subject>', `</saml:Subject>${own}`)),
};

for (const [where, wrap] of Object.entries(wrappings)) {
  for (const id of ['_evil', '_assertion']) {
    test(`a forged assertion (${id}) ${where} proves nobody else`, async (t) => {
      const { local, signIn } = await settle(t);
      const outcome = await signIn((request) => ({
        after(xml) {
          const wrapped = wrap(xml, evilFor(request, local, id));
          assert.notEqual(wrapped, xml);
          assert.ok(wrapped.includes('victim') && wrapped.includes('SignatureValue'), wrapped);
          return wrapped;
        },
      }));
      assert.notEqual(outcome.kind === 'proved' && outcome.person.issuerAssignedId, 'victim');
      reasonOf(outcome);
    });
  }
}

const poisons: Readonly<Record<string, (xml: string) => string>> = {
  'a comment in the name': (xml) => xml.replace('G-7f3a', 'G-<!-- -->7f3a'),
  'a document type': (xml) => xml.replace('<samlp:Response', '<!DOCTYPE x><samlp:Response'),
  'an outer entity': (xml) =>
    xml
      .replace('<samlp:Response', '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><samlp:Response')
      .replace('G-7f3a', '&e;'),
  'entities that grow': (xml) =>
    xml
      .replace('<samlp:Response', '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]><samlp:Response')
      .replace('G-7f3a', '&b;'),
  'unparsed text': (xml) => xml.replace('G-7f3a', '<![CDATA[G-7f3a]]>'),
  'an instruction': (xml) => xml.replace('<samlp:Status>', '<?x y?><samlp:Status>'),
  'a second declaration': (xml) => `<?xml version="1.0"?>${xml}`,
  'too much of everything': (xml) => xml.replace('</samlp:Response>', `${' '.repeat(300_000)}</samlp:Response>`),
};

for (const [what, poison] of Object.entries(poisons)) {
  test(`an answer with ${what} is not even parsed, whoever signed it`, async (t) => {
    const { signIn } = await settle(t);
    assert.match(reasonOf(await signIn(() => ({ after: poison }))), /not read/);
    assert.match(reasonOf(await signIn(() => ({ before: poison, signs: 'both' }))), /not read/);
  });
}

test('an algorithm that is disguised is none', async (t) => {
  const { signIn } = await settle(t);
  const disguise = (xml: string) => xml.replace('xmldsig-more#rsa-sha256', 'xmldsig-more#rsa-sh&#97;256');
  assert.match(reasonOf(await signIn(() => ({ after: disguise }))), /algorithm/);
  const keyed = (xml: string) =>
    xml.replace('http://www.w3.org/2001/04/xmldsig-more#rsa-sha256', 'http://www.w3.org/2000/09/xmldsig#hmac-sha1');
  assert.match(reasonOf(await signIn(() => ({ after: keyed }))), /algorithm/);
});

test('a key that the answer brings along is not believed', async (t) => {
  const { signIn } = await settle(t);
  const keyInfo = `<KeyInfo><X509Data><X509Certificate>${others.certificate}</X509Certificate></X509Data></KeyInfo>`;
  const bring = (xml: string) => xml.replace(/<\/(ds:)?Signature>/, (end) => keyInfo + end);
  assert.match(reasonOf(await signIn(() => ({ key: others, after: bring }))), /no assertion/);
});
