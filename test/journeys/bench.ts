import assert from 'node:assert/strict';
import { callbackOf, claimsAfter, graph, leave } from '../support/federation.ts';
import { newApplication, newFlow, setFlow, webRedirect } from '../support/flow-settings.ts';
import { authorize, codeIn, type TokenAnswer, token } from '../support/sign-in.ts';
import { documented } from '../support/social-providers/documented.ts';
import { client, type LocalProvider, startOAuth2Provider } from '../support/social-providers/server.ts';
import { seeded, startUsher, type Usher } from '../support/usher.ts';
import { newVisitor, type Visit, type Visitor } from '../support/visitor.ts';
import type { FlowKind } from './settings.ts';

/** A local account for one scenario. */
export interface Person {
  readonly id: string;
  readonly email: string;
  readonly password: string;
}

/** A browser on its way through a flow, and the page it sees. */
export interface Walk {
  readonly visitor: Visitor;
  readonly visit: Visit;
}

/** A running server and what scenarios of settings need of it. */
export interface Bench {
  readonly usher: Usher;
  /** Client id of an application that may send passwords itself. */
  readonly passwordClient: string;
  /** A flow of this kind with these settings; resolves to its id. */
  flow(kind: FlowKind, settings?: object): Promise<string>;
  /** Changes settings as an administrator does. */
  set(flow: string, settings: object): Promise<void>;
  person(parts?: object): Promise<Person>;
  /** Opens the first page of the flow. */
  open(flow: string, changes?: Readonly<Record<string, string | null>>, visitor?: Visitor): Promise<Walk>;
  /** Walks the usual way through a flow of this kind, as an existing person or, where it only makes accounts, as a new one. */
  finish(kind: FlowKind, flow: string, options?: FinishOptions): Promise<Finished>;
  /** A foreign provider of the tenant, which stands on this machine. */
  readonly facebook: {
    readonly id: string;
    /** The one person there goes through a flow that offers it; resolves to the claims of the first ID token. */
    comeThrough(flow: string): Promise<Readonly<Record<string, unknown>>>;
  };
}

export interface FinishOptions {
  readonly person?: Person;
  readonly visitor?: Visitor;
  readonly changes?: Readonly<Record<string, string | null>>;
  /** Makes an account in the flow, also where one can sign in. */
  readonly isNew?: boolean;
  /** At a confidential client, whose refresh tokens live as long as the flow says. */
  readonly isWeb?: boolean;
}

export interface Finished {
  readonly tokens: TokenAnswer;
  readonly visitor: Visitor;
  /** What the person signs in with now. */
  readonly person: Person;
}

let counter = 0;
const unique = (): string => {
  counter += 1;
  return `j${counter}-${process.pid}`;
};

export const password = 'Correct-horse-7';

async function createPerson(usher: Usher, parts: object = {}): Promise<Person> {
  const email = `${unique()}@people.example`;
  const response = await usher.graph('POST', '/v1.0/users', {
    displayName: 'Pat Person',
    identities: [{ signInType: 'emailAddress', issuer: seeded.tenant, issuerAssignedId: email }],
    passwordProfile: { password, forceChangePasswordNextSignIn: false },
    ...parts,
  });
  const made = (await response.json()) as { readonly id: string };
  assert.equal(response.status, 201, JSON.stringify(made));
  return { id: made.id, email, password };
}

/** Proves the address on the page that is shown, with the code out of the outbox. */
export async function proveEmail(
  usher: Usher,
  { visitor, visit }: Walk,
  email: string,
  [send, code, verify]: readonly [send: string, code: string, verify: string],
): Promise<Visit> {
  const sent = await visitor.submit(visit, send, { email });
  return visitor.submit(sent, verify, { email, [code]: await usher.code(email) });
}

const signUpProof = ['email_ver_but_send', 'email_ver_input', 'email_ver_but_verify'] as const;
const resetProof = [
  'emailVerificationControl_but_send_code',
  'emailVerificationCode',
  'emailVerificationControl_but_verify_code',
] as const;

const chosen = { newPassword: password, reenterPassword: password };

type Way = (usher: Usher, walk: Walk, person: Person) => Promise<Visit>;

const signIn: Way = (_, { visitor, visit }, { email, password: own }) =>
  visitor.submit(visit, 'next', { email, password: own });

const signUp: Way = async (usher, walk, { email }) => {
  const proved = await proveEmail(usher, walk, email, signUpProof);
  return walk.visitor.submit(proved, 'continue', { email, ...chosen });
};

const wantAccount: Way = async (usher, { visitor, visit }, person) =>
  signUp(usher, { visitor, visit: await visitor.submit(visit, 'createAccount') }, person);

/** The usual way from the first page to the application; a browser without scripts does the same. */
const ways: Readonly<Record<Exclude<FlowKind, 'resourceOwner'>, Way>> = {
  signUpOrSignIn: signIn,
  signIn,
  signUp,
  async passwordReset(usher, walk, { email }) {
    const proved = await proveEmail(usher, walk, email, resetProof);
    const asked = await walk.visitor.submit(proved, 'continue');
    return walk.visitor.submit(asked, 'continue', chosen);
  },
  async profileUpdate(usher, walk, person) {
    const shown = await signIn(usher, walk, person);
    // With nothing to edit there is no page.
    return shown.left ? shown : walk.visitor.submit(shown, 'continue');
  },
};

async function finish(bench: Bench, kind: FlowKind, flow: string, options: FinishOptions): Promise<Finished> {
  const { usher } = bench;
  const visitor = options.visitor ?? newVisitor(usher);
  if (kind === 'resourceOwner') {
    const person = options.person ?? (await bench.person());
    return { tokens: await passwordGrant(usher, flow, bench.passwordClient, person), visitor, person };
  }
  const isNew = options.isNew === true || kind === 'signUp';
  const way = isNew && kind === 'signUpOrSignIn' ? wantAccount : ways[kind];
  const person =
    options.person ?? (isNew ? { id: '', email: `${unique()}@new.example`, password } : await bench.person());
  const web = { client_id: seeded.web, redirect_uri: webRedirect, scope: `openid offline_access ${seeded.web}` };
  const attempt = authorize(usher, { ...(options.isWeb ? web : {}), ...options.changes }, flow);
  const visit = await visitor.open(attempt.url);
  const done = visit.left ? visit : await way(usher, { visitor, visit }, person);
  const secret = options.isWeb ? { client_id: seeded.web, client_secret: seeded.secret } : {};
  const form = { grant_type: 'authorization_code', code: codeIn(done), redirect_uri: attempt.redirectUri, ...secret };
  const { status, answer } = await token(usher, { ...form, code_verifier: attempt.verifier }, flow);
  assert.equal(status, 200, JSON.stringify(answer));
  return { tokens: answer, visitor, person };
}

/** The password grant (b2c contract c.6). */
async function passwordGrant(
  usher: Usher,
  flow: string,
  appId: string,
  { email, password: own }: Person,
): Promise<TokenAnswer> {
  const response = await fetch(`${usher.url}/${seeded.tenant}/${flow}/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'password',
      client_id: appId,
      username: email,
      password: own,
      scope: `openid ${appId} offline_access`,
      response_type: 'token id_token',
    }),
  });
  const answer = (await response.json()) as TokenAnswer;
  assert.equal(response.status, 200, JSON.stringify(answer));
  return answer;
}

/** Facebook as it is documented, and the tenant that signs people in through it. */
async function openFacebook(local: LocalProvider, usher: Usher): Promise<Bench['facebook']> {
  const { id } = await graph(usher, 'POST', '/beta/identity/identityProviders', {
    '@odata.type': '#microsoft.graph.socialIdentityProvider',
    identityProviderType: 'Facebook',
    displayName: 'Facebook',
    clientId: client.id,
    clientSecret: client.secret,
  });
  return {
    id: String(id),
    async comeThrough(flow) {
      const visitor = newVisitor(usher);
      const { attempt, away } = await leave(usher, visitor, flow, 'FacebookExchange');
      const { params } = await local.visit(away.href);
      return claimsAfter(usher, flow, attempt, await visitor.open(`${callbackOf()}?${new URLSearchParams(params)}`));
    },
  };
}

/** `clear` removes the flows that were made so far: a tenant has room for 200. */
export type OpenBench = Bench & { clear(): Promise<void>; close(): Promise<void> };

export async function startBench(): Promise<OpenBench> {
  const found = documented.find(({ type }) => type === 'Facebook');
  assert.ok(found);
  const local = await startOAuth2Provider(found.provider);
  const usher = await startUsher({ args: ['--provider-origin', `Facebook=${local.origin}`] });
  const facebook = await openFacebook(local, usher);
  const implicitGrantSettings = { enableIdTokenIssuance: true, enableAccessTokenIssuance: true };
  const native = { isFallbackPublicClient: true, web: { implicitGrantSettings } };
  const { appId: passwordClient } = await newApplication(usher, native);
  const made: string[] = [];
  const bench: Bench = {
    usher,
    passwordClient,
    facebook,
    async flow(kind, settings = {}) {
      const id = await newFlow(usher, { userFlowType: kind, ...settings });
      made.push(id);
      return id;
    },
    set: (flow, settings) => setFlow(usher, settings, flow),
    person: (parts) => createPerson(usher, parts),
    async open(flow, changes = {}, visitor = newVisitor(usher)) {
      return { visitor, visit: await visitor.open(authorize(usher, changes, flow).url) };
    },
    finish: (kind, flow, options = {}) => finish(bench, kind, flow, options),
  };
  return {
    ...bench,
    async clear() {
      for (const id of made.splice(0)) {
        const { status } = await usher.graph('DELETE', `/beta/identity/b2cUserFlows/${id}`);
        assert.equal(status, 204);
      }
    },
    async close() {
      await usher.stop();
      await local.close();
    },
  };
}
