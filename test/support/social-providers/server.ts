import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import type { CallbackAnswer } from '../../../src/federation/index.ts';
import { listenOnLoopback } from '../loopback.ts';

/** Providers on OAuth 2.0 as their own pages document them: a server that really listens, one dialect at a time. */

export interface Reply {
  readonly status?: number;
  readonly contentType?: string;
  readonly body: string | Buffer;
}

/** A call of the provider's API that bears a token it gave. */
export interface ApiCall {
  readonly headers: IncomingHttpHeaders;
  readonly params: Readonly<Record<string, string>>;
  readonly token: string;
}

export interface DocumentedProvider {
  readonly authorizePath: string;
  /** Of the authorization request, all of them. */
  readonly authorizeParams: readonly string[];
  readonly clientNames?: { readonly id: string; readonly secret: string };
  readonly tokenPath: string;
  /** Where the exchange stands: query of a GET, form of a POST, or form with the client in the header. */
  readonly exchange: 'query' | 'form' | 'basic';
  /** Of the exchange, all of them. */
  readonly exchangeParams: readonly string[];
  readonly hasProofKey: boolean;
  /** What the answer to the callback bears beside `state` when the person turns back. */
  readonly refusal: Readonly<Record<string, string>>;
  granted(token: string): Reply;
  /** A code that is not (or no longer) good. */
  readonly badCode: Reply;
  readonly api: Readonly<Record<string, (call: ApiCall) => Reply>>;
}

export const json = (value: unknown, contentType = 'application/json; charset=utf-8', status = 200): Reply => ({
  status,
  contentType,
  body: JSON.stringify(value),
});

export const client = { id: 'client-of-usher', secret: 'a secret of usher/+:' } as const;

export interface LocalProvider {
  readonly origin: string;
  /** What the person does there: they agree, turn back, or the provider has trouble. */
  person: 'agrees' | 'turns back' | 'meets trouble';
  /** In place of the documented answers, by path. */
  readonly odd: Map<string, Reply>;
  /** Paths asked, in order; never with their parameters. */
  readonly asked: string[];
  /** The browser follows an address there and comes back with what the provider sends it away with. */
  visit(url: string): Promise<CallbackAnswer>;
  close(): Promise<void>;
}

interface Code {
  readonly redirectUri: string | undefined;
  readonly challenge: string | undefined;
}

type Params = Readonly<Record<string, string>>;

/** Each once, or the request is refused. */
function paramsOf(search: URLSearchParams): Params {
  assert.equal(new Set(search.keys()).size, [...search.keys()].length, 'a parameter came twice');
  return Object.fromEntries(search);
}

function basicClient(authorization: string | undefined): readonly (string | undefined)[] {
  const pair = Buffer.from(authorization?.replace(/^Basic /, '') ?? '', 'base64').toString();
  return pair.split(':').map(decodeURIComponent);
}

/** Starts one on a free port. What it is sent that is not documented it answers with status 400 and the reason. */
export async function startOAuth2Provider(documented: DocumentedProvider): Promise<LocalProvider> {
  const names = documented.clientNames ?? { id: 'client_id', secret: 'client_secret' };
  const codes = new Map<string, Code>();
  const tokens = new Set<string>();
  const odd = new Map<string, Reply>();
  const asked: string[] = [];
  let person: LocalProvider['person'] = 'agrees';

  function authorize(params: Params): URL {
    assert.deepEqual(Object.keys(params).sort(), [...documented.authorizeParams].sort());
    assert.equal(params[names.id], client.id);
    assert.equal(params['response_type'], 'code');
    if (documented.hasProofKey) assert.equal(params['code_challenge_method'], 'S256');
    const { redirect_uri: redirectUri, state = '' } = params;
    const back = new URL(redirectUri ?? '');
    const code = randomBytes(12).toString('hex');
    codes.set(code, { redirectUri, challenge: params['code_challenge'] });
    const answer = { agrees: { code }, 'turns back': documented.refusal, 'meets trouble': { error: 'server_error' } };
    for (const [name, value] of Object.entries({ ...answer[person], state })) back.searchParams.set(name, value);
    return back;
  }

  function exchange(params: Params, authorization: string | undefined): Reply {
    assert.deepEqual(Object.keys(params).sort(), [...documented.exchangeParams].sort());
    const named =
      documented.exchange === 'basic' ? basicClient(authorization) : [params[names.id], params[names.secret]];
    assert.deepEqual(named, [client.id, client.secret]);
    assert.equal(params['grant_type'], 'authorization_code');
    const code = codes.get(params['code'] ?? '');
    codes.delete(params['code'] ?? '');
    const challenge = createHash('sha256')
      .update(params['code_verifier'] ?? '')
      .digest('base64url');
    if (!code || (documented.hasProofKey && challenge !== code.challenge)) return documented.badCode;
    if ('redirect_uri' in params) assert.equal(params['redirect_uri'], code.redirectUri);
    const token = randomBytes(12).toString('hex');
    tokens.add(token);
    return documented.granted(token);
  }

  function api(path: string, params: Params, headers: IncomingHttpHeaders): Reply {
    const token = params['access_token'] ?? headers.authorization?.replace(/^Bearer /, '') ?? '';
    if (!tokens.has(token)) return json({ error: 'invalid_token' }, undefined, 401);
    return documented.api[path]?.({ headers, params, token }) ?? json({ error: 'not_found' }, undefined, 404);
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    asked.push(pathname);
    if (pathname === documented.authorizePath) {
      response.writeHead(302, { location: authorize(paramsOf(searchParams)).href }).end();
      return;
    }
    const isExchange = pathname === documented.tokenPath;
    assert.equal(request.method, isExchange && documented.exchange !== 'query' ? 'POST' : 'GET');
    const params = paramsOf(request.method === 'POST' ? new URLSearchParams(await text(request)) : searchParams);
    const documentedReply = () =>
      isExchange ? exchange(params, request.headers.authorization) : api(pathname, params, request.headers);
    const { status = 200, contentType = 'application/json', body } = odd.get(pathname) ?? documentedReply();
    response.writeHead(status, { 'content-type': contentType }).end(body);
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      response.writeHead(400, { 'content-type': 'text/plain' }).end(String(error));
    });
  });
  const { port, close } = await listenOnLoopback(server);

  return {
    origin: `http://localhost:${port}`,
    odd,
    asked,
    get person() {
      return person;
    },
    set person(next) {
      person = next;
    },
    async visit(url) {
      const response = await fetch(url, { redirect: 'manual' });
      const location = response.headers.get('location');
      assert.ok(location, await response.text());
      return { params: paramsOf(new URL(location).searchParams) };
    },
    close,
  };
}
