import { deviceCookie } from '../flows/index.ts';
import { type Reply, serializeCookie } from '../http/index.ts';
import { newSecret } from '../kernel/index.ts';

const yearSeconds = 365 * 86_400;

/**
 * Gives a browser a secret by which it is known again, if it has none. It says nothing about anybody: who has signed in with it is
 * kept by the server. Other sites may frame a silent sign-in, so it is sent there too.
 */
export function withDevice(cookies: ReadonlyMap<string, string>, reply: Reply): Reply {
  if (cookies.has(deviceCookie)) return reply;
  const cookie = serializeCookie(deviceCookie, newSecret(), { sameSite: 'None', maxAgeSeconds: yearSeconds });
  return { ...reply, headers: { ...reply.headers, 'set-cookie': cookie } };
}
