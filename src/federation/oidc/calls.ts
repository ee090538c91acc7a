import type { CustomFetch, CustomFetchOptions } from 'openid-client';
import { unreached } from '../oauth2-calls.ts';
import type { FederationServices } from '../services.ts';
import { Unreached } from './refusals.ts';

/** Somebody waits for the page, and a sign-in takes up to three calls. */
const limits = { milliseconds: 8_000, bytes: 256 * 1024 } as const;

const bodyless: readonly number[] = [204, 205, 304];

function textOf(body: CustomFetchOptions['body']): string | undefined {
  return body === null || body === undefined ? undefined : String(body);
}

/** How the library calls a provider. Rejects with `Unreached`; the reason is told to `observe`. */
export function createFetch({ outside, observe }: Pick<FederationServices, 'outside' | 'observe'>): CustomFetch {
  return async (url, { method, headers, body }) => {
    const text = textOf(body);
    const answer = await outside.send({
      target: 'provider',
      method: method === 'POST' ? 'POST' : 'GET',
      url,
      headers,
      ...(text === undefined ? {} : { body: text }),
      ...limits,
    });
    if (answer.kind === 'failed') {
      const { host } = new URL(url);
      observe({ kind: 'warning', message: `An identity provider at ${host} could not be called: ${answer.reason}.` });
      throw new Unreached(unreached[answer.cause]);
    }
    const { status, contentType } = answer;
    const payload = bodyless.includes(status) ? null : Uint8Array.from(answer.body);
    return new Response(payload, { status, headers: { 'content-type': contentType } });
  };
}
