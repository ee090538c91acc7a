/**
 * Somebody has to agree before there is an account.
 *
 * - `/check`: to be called after federating (`postFederationSignup`): a request that waits or was denied ends here.
 * - `/request`: to be called before the user is created (`postAttributeCollection`): keeps the request and stops the sign-up.
 * - `/decide` is for the person who agrees: `{"email": "…", "decision": "approve"}` or `"deny"`. Approving makes the guest through Microsoft Graph.
 *
 * Graph is told where it is and how to prove oneself by `GRAPH_URL`, `TENANT`, `CLIENT_ID` and `CLIENT_SECRET`; Node.js trusts Usher's
 * development authority with NODE_EXTRA_CA_CERTS=data/tls/ca.pem.
 */
import { block, options, proceed, serve } from './serve.mjs';

const given = options();
const {
  GRAPH_URL: graph = 'https://localhost:8443',
  TENANT: tenant = 'contoso.onmicrosoft.com',
  CLIENT_ID: clientId = '44444444-4444-4444-8444-444444444444',
  CLIENT_SECRET: clientSecret = 'usher-dev-secret',
} = process.env;

const messages = {
  created: "Your account is now waiting for approval. You'll be notified when your request has been approved.",
  pending: "Your access request is already processing. You'll be notified when your request has been approved.",
  denied: 'Your sign up request has been denied. Please contact an administrator if you believe this is an error.',
};

/** `{ state, claims }` by address; a real one keeps them in a database. */
const requests = new Map();

const addressOf = ({ email }) => String(email ?? '').toLowerCase();

function check(claims) {
  const { state } = requests.get(addressOf(claims)) ?? {};
  return state === 'pending' || state === 'denied' ? block(messages[state]) : proceed();
}

function request(claims) {
  const address = addressOf(claims);
  const { state } = requests.get(address) ?? {};
  if (state === 'approved') return proceed();
  if (state !== undefined) return block(messages[state]);
  requests.set(address, { state: 'pending', claims });
  return block(messages.created);
}

async function call(path, body, headers) {
  const response = await fetch(`${graph}${path}`, { method: 'POST', headers, body });
  const answer = await response.json();
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${JSON.stringify(answer)}`);
  return answer;
}

async function graphToken() {
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: clientSecret,
    scope: 'https://graph.microsoft.com/.default',
  });
  return (await call(`/${tenant}/oauth2/v2.0/token`, form, {})).access_token;
}

/** Not for Graph: they say where a request came from, and who has it already. */
const ownMembers = new Set(['email', 'identities', 'ui_locales', 'step', 'client_id', 'objectId']);

/** Guests of Google, Facebook and one-time codes bring an identity, and can be made as they are (`POST /users`). */
async function createGuest({ email, identities, ...rest }) {
  const claims = Object.fromEntries(Object.entries(rest).filter(([name]) => !ownMembers.has(name)));
  const user = {
    displayName: email,
    ...claims,
    userPrincipalName: `${email.replace('@', '_')}#EXT#@${tenant}`,
    accountEnabled: true,
    mail: email,
    userType: 'Guest',
    identities,
  };
  const headers = { authorization: `Bearer ${await graphToken()}`, 'content-type': 'application/json' };
  return call('/v1.0/users', JSON.stringify(user), headers);
}

async function decide({ email, decision }) {
  const address = String(email ?? '').toLowerCase();
  const found = requests.get(address);
  if (!found) return { status: 404, body: { error: `nobody asked for '${address}'` } };
  if (decision === 'deny') requests.set(address, { ...found, state: 'denied' });
  else if (decision === 'approve') {
    const isGuest = found.claims.identities?.some(({ signInType }) => signInType === 'federated');
    const user = isGuest ? await createGuest(found.claims) : undefined;
    requests.set(address, { ...found, state: 'approved' });
    return { status: 200, body: { email: address, state: 'approved', ...(user ? { userId: user.id } : {}) } };
  } else return { status: 400, body: { error: "decision must be 'approve' or 'deny'" } };
  return { status: 200, body: { email: address, state: 'denied' } };
}

serve({ '/check': check, '/request': request, '/decide': decide }, given);
