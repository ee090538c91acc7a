/**
 * Only people with a code may sign up, and each code is good for one person.
 * To be called before the user is created (`postAttributeCollection`); the flow collects the attribute `InvitationCode`.
 */
import { custom, options, proceed, refuse, serve } from './serve.mjs';

const given = options({ codes: { type: 'string', default: 'WELCOME-1,WELCOME-2,WELCOME-3' } });

/** Whose each code is, by address; `undefined`: nobody's yet. */
const owners = new Map(given.codes.split(',').map((code) => [code.trim().toUpperCase(), undefined]));

function check(claims) {
  const code = String(custom(claims, 'InvitationCode') ?? '')
    .trim()
    .toUpperCase();
  const email = String(claims.email ?? '').toLowerCase();
  if (code === '') return refuse('Enter the code of your invitation.');
  const owner = owners.get(code);
  // The same answer for a code that does not exist and one that somebody else has used: nobody can try out which ones exist.
  if (!owners.has(code) || (owner !== undefined && owner !== email)) {
    return refuse('This invitation code is not valid. Check it for typing errors.');
  }
  owners.set(code, email);
  // The code has done its work; an empty value keeps it out of the directory.
  return proceed({ extension_InvitationCode: '' });
}

serve({ '/sign-up': check }, given);
