/**
 * Compares what a person says with a register, and marks the account as verified.
 * To be called before the user is created (`postAttributeCollection`); the flow collects `givenName`, `surname`, `postalCode` and has the custom
 * attribute `Verified` (boolean).
 */
import { block, options, proceed, refuse, serve } from './serve.mjs';

const given = options({ people: { type: 'string', default: 'Adele Vance 98052;Alex Wilber 98004' } });

/** Tries of one address, after which only a person can help. */
const mostTries = 3;

const plain = (text) =>
  String(text ?? '')
    .normalize('NFC')
    .trim()
    .toLowerCase();

/** `given name surname postal code`, in small letters. */
const register = new Set(given.people.split(';').map(plain));

/** Tries that failed, by address. */
const failures = new Map();

function verify({ email, givenName, surname, postalCode }) {
  const address = plain(email);
  const failed = failures.get(address) ?? 0;
  if (failed >= mostTries) return block('We could not verify who you are. Please write to support@contoso.example.');
  if (register.has([givenName, surname, postalCode].map(plain).join(' '))) {
    failures.delete(address);
    return proceed({ extension_Verified: true, displayName: `${givenName} ${surname}` });
  }
  failures.set(address, failed + 1);
  return failed + 1 === mostTries
    ? block('We could not verify who you are. Please write to support@contoso.example.')
    : refuse('Name and postal code do not match our records. Enter them as they stand in your contract.');
}

serve({ '/sign-up': verify }, given);
