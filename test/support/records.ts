import { connect, newConnector } from './example.ts';
import { newFlow } from './flow-settings.ts';
import { type ListeningApi, listeningApi } from './listening-api.ts';
import { authorize, codeFor } from './sign-in.ts';
import type { Usher } from './usher.ts';
import { newVisitor } from './visitor.ts';

/**
 * A sign-in during which an API was called, for the records that only the server writes. Resolves to the API, which listens on, so that the call can be
 * repeated.
 */
export async function signInOnRecord(usher: Usher): Promise<ListeningApi> {
  const api = await listeningApi();
  const flow = await newFlow(usher);
  await connect(usher, flow, 'preTokenIssuance', await newConnector(usher, api.origin));
  await codeFor(newVisitor(usher), authorize(usher, {}, flow));
  return api;
}
