import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { libraryModule } from './libraries.ts';

/** A record as the library stores it. */
export type Payload = Readonly<Record<string, unknown>> & { readonly uid?: string; readonly grantId?: string };

/** Where the library keeps its records of one kind. */
export interface Adapter {
  upsert(id: string, payload: Payload): Promise<void>;
  find(id: string): Promise<Payload | undefined>;
  findByUid(uid: string): Promise<Payload | undefined>;
  findByUserCode(code: string): Promise<Payload | undefined>;
  consume(id: string): Promise<void>;
  destroy(id: string): Promise<void>;
  revokeByGrantId(grantId: string): Promise<void>;
}

interface Grant {
  addOIDCScope(scope: string): void;
  addResourceScope(resource: string, scope: string): void;
  save(): Promise<string>;
}

/** What the library tells about a request. */
export interface Underway {
  readonly oidc: {
    readonly client?: { readonly clientId: string };
    readonly session?: { readonly accountId?: string };
  };
}

/** The part of `oidc-provider` that the floor uses. */
export interface Provider {
  readonly Grant: new (of: { readonly clientId: string; readonly accountId: string }) => Grant;
  callback(): RequestListener;
  interactionDetails(request: IncomingMessage, response: ServerResponse): Promise<unknown>;
  interactionFinished(request: IncomingMessage, response: ServerResponse, result: object): Promise<void>;
}

export async function providerLibrary(): Promise<new (issuer: string, configuration: object) => Provider> {
  const found = (await libraryModule('oidc-provider')) as {
    readonly Provider: new (issuer: string, configuration: object) => Provider;
  };
  return found.Provider;
}
