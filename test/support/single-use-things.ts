/** What is good for one use, and how each of it is presented. */
import assert from 'node:assert/strict';
import { createHash, randomUUID } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';
import { newAccount } from './accounts.ts';
import { newClientKey } from './client-key.ts';
import { comeBack, flowWith, type GivenProvider, giveProvider, leave } from './federation.ts';
import { newApplication, newFlow } from './flow-settings.ts';
import { authorize, codeFor, redeem, redirectUri, refresh } from './sign-in.ts';
import { crowd, type Fresh } from './single-use.ts';
import { seeded, type Usher } from './usher.ts';
import { newVisitor, type Visitor } from './visitor.ts';

const deviceGrant = 'urn:ietf:params:oauth:grant-type:device_code';
const client = newClientKey();
const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** What these things are made with, once for each server. */
export interface Ground {
  readonly usher: Usher;
  readonly elsewhere: GivenProvider;
  readonly flow: string;
  /** Asks for a code of an authenticator application too. */
  readonly guarded: string;
  /** Signed in already, so that most trials cost no hash. */
  readonly known: Visitor;
  readonly device: string;
  readonly signing: string;
  readonly bound: string;
}

const byApplication = {
  multifactorAuthenticationState: 'on',
  multifactorAuthenticationMethod: 'authenticator',
};

export async function groundOn(usher: Usher): Promise<Ground> {
  const elsewhere = await giveProvider(usher);
  const known = newVisitor(usher);
  await codeFor(known, authorize(usher));
  const publicClient = { redirectUris: [redirectUri] };
  const made = async (parts: object) => (await newApplication(usher, parts)).appId;
  return {
    usher,
    elsewhere,
    flow: await flowWith(usher, [elsewhere]),
    guarded: await newFlow(usher, { multifactorAuthenticationConfiguration: byApplication }),
    known,
    device: await made({ publicClient, settings: { isDeviceFlowAllowed: true } }),
    signing: await made({ settings: { jwks: JSON.stringify({ keys: [client.jwk] }), isIntrospectionAllowed: true } }),
    bound: await made({ spa: { redirectUris: [redirectUri] }, settings: { tokenBinding: 'dpop' } }),
  };
}

const endpoint = ({ usher }: Ground, name: string): string =>
  `${usher.url}/${seeded.tenant}/${seeded.flow}/oauth2/v2.0/${name}`;

const post = (url: string, form: Readonly<Record<string, string>>, headers: Readonly<Record<string, string>> = {}) =>
  fetch(url, { method: 'POST', body: new URLSearchParams(form), headers });

const now = (): number => Math.floor(Date.now() / 1000);

const statusOf = async (answer: Promise<Response>): Promise<number> => {
  const response = await answer;
  await response.arrayBuffer();
  return response.status;
};

/** An authorization request that an application may push. */
const pushable = (appId: string): Readonly<Record<string, string>> => ({
  client_id: appId,
  redirect_uri: redirectUri,
  response_type: 'code',
  scope: 'openid',
  code_challenge: createHash('sha256').update('v'.repeat(43)).digest('base64url'),
  code_challenge_method: 'S256',
});

async function approvedDeviceCode(ground: Ground): Promise<string> {
  const { usher, device } = ground;
  const asked = await post(endpoint(ground, 'devicecode'), { client_id: device, scope: 'openid' });
  const begun = (await asked.json()) as Readonly<Record<string, string>>;
  assert.equal(asked.status, 200, JSON.stringify(begun));
  const visitor = newVisitor(usher);
  const opened = await visitor.open(begun['verification_uri_complete'] ?? '');
  const found = await visitor.submit(opened, 'find');
  const page = await visitor.submit(found, 'continue');
  const done = await visitor.submit(page, 'next', { email: seeded.user, password: seeded.password });
  assert.doesNotMatch(done.html, /<form/, 'the device was let in');
  return begun['device_code'] ?? '';
}

/** Somebody whose authenticator application has a code to show, and the way to the page of a new journey that asks for it. */
async function someoneGuarded({ usher, guarded }: Ground) {
  const { email, password } = await newAccount(usher);
  const begin = async () => {
    const visitor = newVisitor(usher);
    const page = await visitor.open(authorize(usher, {}, guarded).url);
    return { visitor, page: await visitor.submit(page, 'next', { email, password }) };
  };
  const { visitor, page } = await begin();
  const secret = Secret.fromBase32(/[?&](?:amp;)?secret=([A-Z2-7]+)/.exec(page.html)?.[1] ?? '');
  const otpCode = (seconds: number): string => TOTP.generate({ secret, timestamp: Date.now() + seconds * 1000 });
  // What it is set up with is spent, and so is everything before: the one after it is accepted already.
  const set = await visitor.submit(page, 'continue', { otpCode: otpCode(0) });
  assert.ok(set.left?.searchParams.has('code'), 'it was set up');
  return { begin, otpCode: otpCode(30) };
}

const dpopProof = (url: string): string =>
  client.sign({ jti: randomUUID(), htm: 'POST', htu: url, iat: now() }, { typ: 'dpop+jwt', jwk: client.jwk });

export const singleUseThings: Readonly<Record<string, (ground: Ground) => Fresh>> = {
  'an authorization code':
    ({ usher, known }) =>
    async () => {
      const attempt = authorize(usher);
      const code = await codeFor(known, attempt);
      return async () => (await redeem(usher, attempt, code)).status === 200;
    },
  'a refresh token':
    ({ usher, known }) =>
    async () => {
      const attempt = authorize(usher);
      const { answer } = await redeem(usher, attempt, await codeFor(known, attempt));
      return async () => (await refresh(usher, answer.refresh_token ?? '')).status === 200;
    },
  'a device code': (ground) => async () => {
    const form = { grant_type: deviceGrant, client_id: ground.device, device_code: await approvedDeviceCode(ground) };
    return async () => (await statusOf(post(endpoint(ground, 'token'), form))) === 200;
  },
  'the name of a pushed request': (ground) => async () => {
    const pushed = await post(endpoint(ground, 'par'), pushable(seeded.spa));
    const { request_uri = '' } = (await pushed.json()) as Readonly<Record<string, string>>;
    const url = `${endpoint(ground, 'authorize')}?${new URLSearchParams({ client_id: seeded.spa, request_uri })}`;
    return async () => (await newVisitor(ground.usher).open(url)).status === 200;
  },
  'the jti of a DPoP proof': (ground) => async () => {
    const url = endpoint(ground, 'par');
    const dpop = dpopProof(url);
    return async () => (await statusOf(post(url, pushable(ground.bound), { dpop }))) === 201;
  },
  'the jti of a client assertion': (ground) => async () => {
    const { signing } = ground;
    const url = endpoint(ground, 'introspect');
    const issued = now();
    const aud = endpoint(ground, 'token');
    const claims = { iss: signing, sub: signing, aud, jti: randomUUID(), iat: issued, exp: issued + 60 };
    const form = { token: 'x', client_assertion_type: assertionType, client_assertion: client.sign(claims) };
    return async () => (await statusOf(post(url, form))) === 200;
  },
  "the answer of a provider under its 'state'":
    ({ usher, elsewhere, flow }) =>
    async () => {
      elsewhere.server.person = { sub: randomUUID(), name: 'Ada' };
      const visitor = newVisitor(usher);
      const { away } = await leave(usher, visitor, flow, elsewhere.button);
      const answer = await elsewhere.server.signIn(away.href);
      return async () =>
        (await comeBack(visitor, answer, elsewhere.server.origin)).left?.searchParams.has('code') ?? false;
    },
  'a code of an authenticator application': (ground) => async () => {
    const { begin, otpCode } = await someoneGuarded(ground);
    const journeys = await Promise.all(Array.from({ length: crowd }, begin));
    return async () => {
      const journey = journeys.pop();
      assert.ok(journey);
      const { left } = await journey.visitor.submit(journey.page, 'continue', { otpCode });
      return left?.searchParams.has('code') ?? false;
    };
  },
  'the last answer to a journey':
    ({ usher }) =>
    async () => {
      const visitor = newVisitor(usher);
      const { email, password } = await newAccount(usher);
      const page = await visitor.open(authorize(usher).url);
      return async () => {
        const done = await visitor.submit(page, 'next', { email, password });
        return done.left?.searchParams.has('code') ?? false;
      };
    },
};
