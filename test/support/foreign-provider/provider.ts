import { createHash, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { listenOnLoopback } from '../loopback.ts';
import { type Claims, createKey, idToken, type ProviderKey } from './id-token.ts';
import type { Failing, Mischief } from './mischief.ts';
import { failures, json, type Reply, type Return, send, sendBack, wayBack } from './reply.ts';

export type { Failing, Mischief, Return };

/** The addresses of a provider, by what they are for. */
export interface Paths {
  readonly authorize: string;
  readonly token: string;
  readonly userinfo: string;
  readonly keys: string;
  readonly endSession: string;
}

export type Endpoint = keyof Paths | 'metadata';

/** A request that a provider was sent. */
export interface Asked {
  readonly endpoint: Endpoint;
  readonly method: string;
  readonly path: string;
  /** Of the query and of the form. */
  readonly params: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string | undefined>>;
}

export interface ForeignProviderOptions {
  /** Seconds; that of the server under test, whose clock may be another. */
  readonly now?: () => number;
  /** `iss`; absent: the provider's own origin. */
  readonly issuer?: string;
  /** Of an issuer below the provider's own origin. */
  readonly issuerPath?: string;
  /** Where they are not `/authorize`, `/token`, `/userinfo`, `/keys` and `/logout`. */
  readonly paths?: Partial<Paths>;
  /** What the token endpoint wants to see besides the code; absent: whoever asks. */
  readonly accepts?: (asked: Asked) => boolean | Promise<boolean>;
  /** What the API says of a person; absent: the claims. */
  readonly userinfo?: (person: Claims) => unknown;
}

/**
 * A foreign identity provider on this machine: OpenID Connect, and OAuth 2.0 with an API that tells who somebody is. Whoever is sent to it is
 * signed in at once as `person`. The writable members change what it does from then on.
 */
export interface ForeignProviderServer {
  /** `http://localhost:<port>`. */
  readonly origin: string;
  readonly issuer: string;
  readonly metadataUrl: string;
  /** Who signs in next: the claims of the ID token, `sub` first of all. */
  person: Claims;
  /** What else comes with the answer of the authorization endpoint, e.g. Apple's `user`. */
  extra: Readonly<Record<string, string>>;
  mischief: Mischief | undefined;
  failing: Partial<Record<Endpoint, Failing>>;
  /** Written over the metadata. */
  metadata: Claims;
  /** `cache-control` of the metadata and of the keys. */
  cacheControl: string | undefined;
  /** Everything it was asked, oldest first. */
  readonly asked: readonly Asked[];
  /** From now on signs with another key, and no longer publishes the old one. */
  rotateKeys(): void;
  /** Goes where a departing person is sent, as a browser does, as far as the way back. */
  signIn(url: string): Promise<Return>;
  close(): Promise<void>;
}

interface Given {
  readonly params: Readonly<Record<string, string>>;
  readonly person: Claims;
}

const standardPaths: Paths = {
  authorize: '/authorize',
  token: '/token',
  userinfo: '/userinfo',
  keys: '/keys',
  endSession: '/logout',
};

/** Parameters of the way back that are wrong; undefined: left out. */
const wrongBacks: Partial<Record<Mischief, Readonly<Record<string, string | undefined>>>> = {
  wrongState: { state: 'somebody-else' },
  absentState: { state: undefined },
  issOfAnother: { iss: 'https://another.example' },
  absentIss: { iss: undefined },
};

const opaque = (): string => randomBytes(16).toString('base64url');

async function read(request: IncomingMessage, endpoint: Endpoint): Promise<Asked> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
  const form = new URLSearchParams(await text(request));
  const params = Object.fromEntries([...searchParams, ...form]);
  const headers = request.headers as Readonly<Record<string, string | undefined>>;
  return { endpoint, method: request.method ?? '', path: pathname, params, headers };
}

/** Listens on a free port of `localhost` until it is closed. */
export async function startForeignProvider(options: ForeignProviderOptions = {}): Promise<ForeignProviderServer> {
  const { now = () => Math.floor(Date.now() / 1000) } = options;
  const paths = { ...standardPaths, ...options.paths };
  const asked: Asked[] = [];
  const codes = new Map<string, Given>();
  const people = new Map<string, Claims>();
  let key: ProviderKey = createKey();

  const server = createServer((request, response) => {
    answer(request).then(
      (reply) => send(response, reply),
      (error: unknown) => response.destroy(error as Error),
    );
  });
  const { port, close } = await listenOnLoopback(server, 'localhost');
  const origin = `http://localhost:${port}`;
  const issuer = options.issuer ?? origin + (options.issuerPath ?? '');

  function endpointOf(path: string): Endpoint | undefined {
    if (path.endsWith('/.well-known/openid-configuration')) return 'metadata';
    return (Object.keys(paths) as (keyof Paths)[]).find((name) => paths[name] === path);
  }

  function metadata(): Claims {
    return {
      issuer,
      authorization_endpoint: origin + paths.authorize,
      token_endpoint: origin + paths.token,
      userinfo_endpoint: origin + paths.userinfo,
      jwks_uri: origin + paths.keys,
      end_session_endpoint: origin + paths.endSession,
      response_types_supported: ['code', 'id_token'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
      authorization_response_iss_parameter_supported: true,
      ...provider.metadata,
    };
  }

  function newIdToken(
    { params, person }: Given,
    clientSecret: string,
    rest: Partial<Record<'code' | 'accessToken', string>>,
  ) {
    const { client_id: clientId = '', nonce } = params;
    const issue = { issuer, clientId, clientSecret, nonce, person, now: now(), ...rest };
    return idToken(issue, key, provider.mischief);
  }

  function authorize({ params }: Asked): Reply {
    const { mischief, person, extra } = provider;
    const { redirect_uri: to = '', response_mode: mode, response_type: type = 'code', state } = params;
    const back = { state, iss: issuer, ...(mischief && wrongBacks[mischief]) };
    if (mischief === 'cancel' || mischief === 'error') {
      const error = { error: mischief === 'cancel' ? 'access_denied' : 'server_error', error_description: 'Words' };
      return sendBack(to, mode, { ...back, ...error, ...extra });
    }
    const given = { params, person };
    if (type === 'id_token') {
      const proof = mischief === 'noToken' ? {} : { id_token: newIdToken(given, '', {}) };
      return sendBack(to, mode, { ...back, ...proof, ...extra });
    }
    const code = opaque();
    codes.set(mischief === 'foreignCode' ? opaque() : code, given);
    return sendBack(to, mode, { ...back, code, ...extra });
  }

  /** The code comes from where it was sent to, with the key whose digest came before. */
  function isProved({ params }: Asked, asked: Given['params']): boolean {
    const { code_challenge: challenge } = asked;
    const { code_verifier: verifier = '', redirect_uri: to = asked['redirect_uri'] } = params;
    if (to !== asked['redirect_uri']) return false;
    return challenge === undefined || createHash('sha256').update(verifier).digest('base64url') === challenge;
  }

  async function token(request: Asked): Promise<Reply> {
    const { code = '', client_secret: clientSecret = '' } = request.params;
    const given = codes.get(code);
    codes.delete(code);
    if (!((await options.accepts?.(request)) ?? true)) return json(401, { error: 'invalid_client' });
    if (!given || !isProved(request, given.params)) {
      return json(400, { error: 'invalid_grant', error_description: code });
    }
    const accessToken = opaque();
    people.set(accessToken, given.person);
    const isOpenId = (given.params['scope'] ?? '').split(/[ ,]/).includes('openid') && provider.mischief !== 'noToken';
    const proof = isOpenId
      ? {
          id_token: newIdToken(given, clientSecret, {
            code,
            ...(provider.mischief === 'noAccessToken' ? {} : { accessToken }),
          }),
        }
      : {};
    if (provider.mischief === 'noAccessToken') return json(200, proof);
    return json(200, { access_token: accessToken, token_type: 'Bearer', expires_in: 3600, ...proof });
  }

  function userinfo({ params, headers }: Asked): Reply {
    const bearer = /^Bearer (.+)$/i.exec(headers['authorization'] ?? '')?.[1] ?? params['access_token'] ?? '';
    const person = people.get(bearer);
    if (!person) return json(401, { error: 'invalid_token' });
    return json(200, options.userinfo?.(person) ?? person);
  }

  const cached = (): Reply['headers'] =>
    provider.cacheControl === undefined ? {} : { 'cache-control': provider.cacheControl };

  const answers: Readonly<Record<Endpoint, (what: Asked) => Reply | Promise<Reply>>> = {
    metadata: () => json(200, metadata(), cached()),
    keys: () => json(200, { keys: [key.jwk] }, cached()),
    authorize,
    token,
    userinfo,
    endSession: ({ params }) => sendBack(params['post_logout_redirect_uri'] ?? origin, undefined, {}),
  };

  async function answer(request: IncomingMessage): Promise<Reply | undefined> {
    const endpoint = endpointOf(new URL(request.url ?? '/', 'http://localhost').pathname);
    if (!endpoint) return json(404, { error: 'not_found' });
    const what = await read(request, endpoint);
    asked.push(what);
    const failing = provider.failing[endpoint];
    return failing ? failures[failing] : answers[endpoint](what);
  }

  const provider: ForeignProviderServer = {
    origin,
    issuer,
    metadataUrl: `${origin}/.well-known/openid-configuration`,
    person: {
      sub: 'person-1',
      name: 'Robin Doe',
      given_name: 'Robin',
      family_name: 'Doe',
      email: 'robin@elsewhere.example',
      email_verified: true,
    },
    extra: {},
    mischief: undefined,
    failing: {},
    metadata: {},
    cacheControl: undefined,
    asked,
    rotateKeys() {
      key = createKey();
    },
    signIn: async (url) => wayBack(await fetch(url, { redirect: 'manual' })),
    close,
  };
  return provider;
}
