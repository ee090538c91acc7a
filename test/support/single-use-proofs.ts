/** Proofs of who somebody is that are good for one use: codes that were sent, answers of a passkey and of a SAML provider. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { type Account, newAccount } from './accounts.ts';
import { callbackOf, flowWith, graph, leave } from './federation.ts';
import { newFlow } from './flow-settings.ts';
import { type LocalSamlProvider, makeKey, startSamlProvider } from './saml-provider.ts';
import { authorize } from './sign-in.ts';
import type { Fresh } from './single-use.ts';
import { SoftwareAuthenticator } from './software-authenticator.ts';
import type { Usher } from './usher.ts';
import { newVisitor, unescapeHtml, type Visit, type Visitor } from './visitor.ts';

/** What these proofs are made with, once for each server. */
export interface ProofGround {
  readonly usher: Usher;
  readonly byMail: string;
  readonly byText: string;
  readonly byPasskey: string;
  readonly device: SoftwareAuthenticator;
  readonly saml: LocalSamlProvider;
  readonly partner: string;
  readonly partnerButton: string;
}

const factor = (multifactorAuthenticationMethod: string) => ({
  multifactorAuthenticationConfiguration: { multifactorAuthenticationState: 'on', multifactorAuthenticationMethod },
});

const signInWith = async (usher: Usher, flow: string, { email, password }: Account) => {
  const visitor = newVisitor(usher);
  const page = await visitor.open(authorize(usher, {}, flow).url);
  return { visitor, page: await visitor.submit(page, 'next', { email, password }) };
};

/** What the page asks the browser for. */
function optionsIn({ html }: Visit): Readonly<Record<string, unknown>> {
  const text = /data-options="([^"]*)"/.exec(html)?.[1];
  assert.ok(text, `no passkey is asked for: ${html.slice(0, 1500)}`);
  return JSON.parse(unescapeHtml(text));
}

/** A device that somebody signs in with. */
async function equipped(usher: Usher): Promise<SoftwareAuthenticator> {
  const device = new SoftwareAuthenticator(usher.url);
  const offering = await newFlow(usher, { settings: { passkeys: { isEnrolmentOffered: true } } });
  const { visitor, page } = await signInWith(usher, offering, await newAccount(usher));
  const made = await visitor.submit(page, 'passkey', { passkey: device.create(optionsIn(page)) });
  assert.ok(hasArrived(made), made.html);
  return device;
}

/** Resolves to the id of the provider. */
async function givePartner(usher: Usher, saml: LocalSamlProvider): Promise<string> {
  const type = 'microsoft.graph.samlOrWsFedExternalDomainFederation';
  const made = await graph(usher, 'POST', `/v1.0/directory/federationConfigurations/${type}`, {
    '@odata.type': `#${type}`,
    displayName: 'Partner',
    issuerUri: saml.entityId,
    passiveSignInUri: `${saml.origin}/sso`,
    preferredAuthenticationProtocol: 'saml',
    signingCertificate: saml.key.certificate,
    domains: [{ '@odata.type': '#microsoft.graph.externalDomainName', id: 'partner.example' }],
  });
  return String(made['id']);
}

export async function proofGroundOn(usher: Usher): Promise<ProofGround> {
  const saml = await startSamlProvider(makeKey());
  const partner = await givePartner(usher, saml);
  return {
    usher,
    byMail: await newFlow(usher, factor('email')),
    byText: await newFlow(usher, factor('phoneSms')),
    byPasskey: await newFlow(usher, { settings: { passkeys: { isSignInAllowed: true } } }),
    device: await equipped(usher),
    saml,
    partner: await flowWith(usher, [{ id: partner }]),
    partnerButton: `${partner}Exchange`,
  };
}

const hasArrived = ({ left }: Visit): boolean => left?.searchParams.has('code') ?? false;

const presented =
  (visitor: Visitor, page: Visit, action: string, values: Readonly<Record<string, string>>) =>
  async (): Promise<boolean> =>
    hasArrived(await visitor.submit(page, action, values));

let numbers = 0;
/** A number of its own for one trial, without the country's. */
const newNumber = (): string => {
  numbers += 1;
  return `1513${String(1_000_000 + numbers)}`;
};

type Proofs = Readonly<Record<string, (ground: ProofGround) => Fresh>>;

/** They are read from the outbox, so the server is one of development. */
export const sentCodes: Proofs = {
  'a code that was mailed':
    ({ usher, byMail }) =>
    async () => {
      const account = await newAccount(usher);
      const { visitor, page } = await signInWith(usher, byMail, account);
      const sent = await visitor.submit(page, 'emailVerificationControl_but_send_code');
      const emailVerificationCode = await usher.code(account.email);
      return presented(visitor, sent, 'emailVerificationControl_but_verify_code', { emailVerificationCode });
    },
  'a code of a text message':
    ({ usher, byText }) =>
    async () => {
      const { visitor, page } = await signInWith(usher, byText, await newAccount(usher));
      const number = newNumber();
      const typed = { 'localNumber.country': 'DE', 'localNumber.number': `0${number}` };
      const sent = await visitor.submit(page, 'sendCode', typed);
      const verificationCode = await usher.code(`+49${number}`);
      return presented(visitor, sent, 'verifyCode', { verificationCode });
    },
};

export const signedAnswers: Proofs = {
  'the answer of a passkey to its challenge':
    ({ usher, byPasskey, device }) =>
    async () => {
      const visitor = newVisitor(usher);
      const page = await visitor.open(authorize(usher, {}, byPasskey).url);
      return presented(visitor, page, 'passkey', { passkey: device.get(optionsIn(page)) });
    },
  'an assertion of a SAML provider':
    ({ usher, saml, partner, partnerButton }) =>
    async () => {
      const visitor = newVisitor(usher);
      const { away } = await leave(usher, visitor, partner, partnerButton);
      const nameId = randomUUID();
      const { params } = await saml.visit(away.href, () => ({ nameId }));
      return async () => hasArrived(await visitor.post(callbackOf(), params, saml.origin));
    },
};
