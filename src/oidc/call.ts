import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import type { KoaContextWithOIDC } from 'oidc-provider';
import { deviceCookie, type Sender } from '../flows/index.ts';
import { acceptedLanguages, type Exchange, parseCookies } from '../http/index.ts';
import type { User } from '../identity/index.ts';
import type { Authority } from './authority.ts';
import type { Application } from './clients.ts';
import type { SignIn } from './records.ts';
import type { Proof } from './session-jars.ts';
import type { BrowserSession } from './sessions.ts';

/** What came of a request inside oidc-provider, in data instead of in HTTP. */
export type Outcome =
  /** The application gets this; `params` are those of the authorization request. */
  | { readonly kind: 'authorized'; readonly members: Readonly<Record<string, unknown>>; readonly params: EngineParams }
  /** `shown`: nobody may be redirected, since it is not known whom the request came from. */
  | { readonly kind: 'failed'; readonly error: unknown; readonly params: EngineParams; readonly shown: boolean };

export type EngineParams = Readonly<Record<string, unknown>>;

/** One request to oidc-provider and what our callbacks learn while it runs. */
export interface Call {
  readonly correlationId: string;
  readonly sender: Sender;
  /** What the browser prefers, best first. */
  readonly acceptLanguages: readonly string[];
  readonly authority: Authority;
  /** The client as the dialect found it; on resume it is found from the stored request. */
  readonly app?: Application;
  /** A redirect URI the dialect has checked. */
  readonly redirectUri?: string;
  /** Authorization requests: what is known of the browser. */
  readonly browser?: BrowserSession;
  /** Who has signed in there already, as far as the flow may know. */
  readonly proof?: Proof;
  /** What the journey that has just ended established, for the browser's session. */
  arrived?: Pick<Proof, 'userId' | 'authTime' | 'amr' | 'kept' | 'sid' | 'foreign'>;
  user?: User;
  signIn?: SignIn;
  outcome?: Outcome;
}

/** What a journey and a log want to know of the request. */
export const senderOf = ({ headers, remoteAddress, url }: Exchange): Pick<Call, 'sender' | 'acceptLanguages'> => ({
  sender: {
    address: remoteAddress,
    userAgent: headers['user-agent'],
    device: parseCookies(headers.cookie).get(deviceCookie),
    origin: url.origin,
  },
  acceptLanguages: acceptedLanguages(headers['accept-language']),
});

/** oidc-provider reads Node's request object; this one is made of what the dialect decided, not of what was sent. */
export interface CallRequest {
  readonly method: 'GET' | 'POST';
  /** The origin the request was made to. */
  readonly origin: string;
  /** What stands before `path` in the URLs the engine prints: tenant and flow. */
  readonly mount: string;
  readonly path: string;
  readonly params: ReadonlyMap<string, string>;
  readonly cookie: string | undefined;
  readonly authorization: string | undefined;
}

/** Subclassed because callbacks of oidc-provider are handed nothing but its own context. */
class EngineRequest extends IncomingMessage {
  readonly call: Call;
  originalUrl = '';

  constructor(socket: Socket, call: Call) {
    super(socket);
    this.call = call;
  }

  /** The whole body is there from the start. */
  override _read(): void {}
}

/** Never connected: it only says that the public side of the server is encrypted, also behind a proxy that ends TLS. */
const encrypted = Object.assign(new Socket(), { encrypted: true });

export function engineRequest(call: Call, request: CallRequest): IncomingMessage {
  const { method, origin, mount, path, cookie, authorization } = request;
  const form = new URLSearchParams([...request.params]).toString();
  const message = new EngineRequest(encrypted, call);
  message.method = method;
  message.url = method === 'GET' && form !== '' ? `${path}?${form}` : path;
  message.originalUrl = `${mount}${message.url}`;
  message.httpVersionMajor = 1;
  message.httpVersionMinor = 1;
  message.headers = {
    host: new URL(origin).host,
    accept: 'application/json',
    ...(cookie === undefined ? {} : { cookie }),
    ...(authorization === undefined ? {} : { authorization }),
  };
  if (method === 'POST') {
    const body = Buffer.from(form);
    message.headers['content-type'] = 'application/x-www-form-urlencoded';
    message.headers['content-length'] = String(body.length);
    message.push(body);
  }
  message.complete = true;
  message.push(null);
  return message;
}

/** The call a context of oidc-provider belongs to. */
export function callOf(ctx: Pick<KoaContextWithOIDC, 'req'>): Call {
  if (ctx.req instanceof EngineRequest) return ctx.req.call;
  throw new TypeError('oidc-provider was called past the engine');
}
