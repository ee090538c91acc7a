// The workbench in the browser: a single-page application in miniature (RFC 6749 §4.1 with PKCE, RFC 7636), and the buttons
// of the development tools. Text only ever enters the page as text.
import { meanings, times, tokenErrors } from './meanings.js';

const back = `${location.origin}/try/`;
const saved = sessionStorage;

/** @type {(name: string, properties?: object, ...children: (Node | string | null)[]) => HTMLElement} */
const element = (name, properties = {}, ...children) => {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children.filter((child) => child !== null));
  return made;
};

const base64url = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');

const random = () => base64url(crypto.getRandomValues(new Uint8Array(32)));

const decode = (part) => {
  const text = atob(part.replaceAll('-', '+').replaceAll('_', '/'));
  return JSON.parse(new TextDecoder().decode(Uint8Array.from(text, (character) => character.charCodeAt(0))));
};

// Running a flow.

async function run(form) {
  const { flow, client, scope, login_hint, ui_locales, prompt } = Object.fromEntries(new FormData(form));
  const attempt = {
    authority: `${form.dataset.authority}/${flow}`,
    client,
    scope,
    verifier: random(),
    state: random(),
    nonce: random(),
  };
  saved.setItem('try.attempt', JSON.stringify(attempt));
  const challenge = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(attempt.verifier));
  const query = {
    client_id: client,
    response_type: 'code',
    redirect_uri: back,
    scope,
    state: attempt.state,
    nonce: attempt.nonce,
    code_challenge: base64url(challenge),
    code_challenge_method: 'S256',
    ...Object.fromEntries(Object.entries({ login_hint, ui_locales, prompt }).filter(([, value]) => value)),
  };
  location.assign(`${attempt.authority}/oauth2/v2.0/authorize?${new URLSearchParams(query)}`);
}

async function askForTokens(attempt, parameters) {
  const response = await fetch(`${attempt.authority}/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams({ client_id: attempt.client, scope: attempt.scope, ...parameters }),
  });
  return response.json();
}

/** Exchanges what came back for tokens; resolves to the answer, or to undefined when nothing came back. */
async function finish() {
  const came = Object.fromEntries(new URLSearchParams(location.search));
  if (!came.code && !came.error) return undefined;
  const attempt = JSON.parse(saved.getItem('try.attempt') ?? 'null');
  history.replaceState(null, '', '/try/');
  if (!attempt || came.state !== attempt.state) {
    return {
      attempt,
      answer: { error: 'state', error_description: 'The answer does not belong to a request of this tab.' },
    };
  }
  if (came.error) return { attempt, answer: came };
  const answer = await askForTokens(attempt, {
    grant_type: 'authorization_code',
    code: came.code,
    code_verifier: attempt.verifier,
    redirect_uri: back,
  });
  if (answer.id_token && decode(answer.id_token.split('.')[1]).nonce !== attempt.nonce) {
    return { attempt, answer: { error: 'nonce', error_description: 'The ID token belongs to another request.' } };
  }
  return { attempt, answer };
}

// Showing what came back.

function shownValue(name, value) {
  if (times.has(name) && typeof value === 'number') {
    const at = element('time', {}, new Date(value * 1000).toISOString().replace('.000Z', 'Z'));
    return element('span', {}, element('code', {}, String(value)), ' ', at);
  }
  return element('code', {}, typeof value === 'string' ? value : JSON.stringify(value));
}

function claimsTable(claims) {
  const rows = Object.entries(claims).map(([name, value]) =>
    element(
      'tr',
      {},
      element('th', { scope: 'row' }, name),
      element('td', {}, shownValue(name, value)),
      element(
        'td',
        { className: 'meaning' },
        meanings[name] ?? (name.startsWith('extension_') ? 'Your own attribute.' : ''),
      ),
    ),
  );
  const head = ['Claim', 'Value', 'Meaning'].map((title) => element('th', { scope: 'col' }, title));
  return element('table', {}, element('thead', {}, element('tr', {}, ...head)), element('tbody', {}, ...rows));
}

function folded(title, text) {
  const copy = element('button', { type: 'button', className: 'quiet' }, 'Copy');
  copy.dataset.copy = text;
  return element('details', {}, element('summary', {}, title), element('pre', { tabIndex: 0 }, text), copy);
}

function tokenCard(title, token) {
  const [header, payload, signature] = token.split('.');
  const heading = element('h2', {}, title);
  if (!signature) return element('section', { className: 'card' }, heading, folded('Token', token));
  return element(
    'section',
    { className: 'card' },
    heading,
    element(
      'div',
      { className: 'scroll', tabIndex: 0, role: 'region', ariaLabel: `Claims of the ${title}` },
      claimsTable(decode(payload)),
    ),
    folded('Header', JSON.stringify(decode(header), null, 2)),
    folded('Token as sent', token),
  );
}

function errorCard({ error, error_description = '' }) {
  const [code] = /AADB2C\d+/.exec(error_description) ?? [];
  const [title, help] = tokenErrors[code] ?? ['The sign-in did not succeed', 'This is what your application receives.'];
  return element(
    'section',
    { className: 'card problem' },
    element('h2', {}, title),
    element('p', {}, help),
    element('pre', { tabIndex: 0 }, `${error}\n${error_description}`.trim()),
  );
}

function button(label, className, action) {
  const made = element('button', { type: 'button', className }, label);
  made.addEventListener('click', action);
  return made;
}

function actionsRow({ attempt, answer }) {
  const signOut = () => {
    saved.removeItem('try.result');
    const query = new URLSearchParams({ id_token_hint: answer.id_token, post_logout_redirect_uri: back });
    location.assign(`${attempt.authority}/oauth2/v2.0/logout?${query}`);
  };
  const refresh = async () => {
    const next = await askForTokens(attempt, { grant_type: 'refresh_token', refresh_token: answer.refresh_token });
    show({ attempt, answer: next });
  };
  return element(
    'div',
    { className: 'row' },
    answer.id_token ? button('Sign out', 'primary', signOut) : null,
    answer.refresh_token ? button('Refresh the tokens', 'quiet', refresh) : null,
    button('Clear', 'quiet', () => {
      saved.removeItem('try.result');
      document.getElementById('result')?.replaceChildren();
    }),
  );
}

function greeting({ id_token }) {
  const claims = id_token ? decode(id_token.split('.')[1]) : {};
  const who = claims.name ?? claims.emails?.[0] ?? claims.sub;
  return element('h2', { className: 'greeting' }, who ? `Signed in as ${who}` : 'Tokens received');
}

function show(result) {
  const { answer } = result;
  saved.setItem('try.result', JSON.stringify(result));
  const cards = answer.error
    ? [errorCard(answer), actionsRow(result)]
    : [
        greeting(answer),
        actionsRow(result),
        answer.id_token ? tokenCard('ID token', answer.id_token) : null,
        answer.access_token ? tokenCard('Access token', answer.access_token) : null,
        element(
          'section',
          { className: 'card' },
          element('h2', {}, 'Token answer'),
          folded('JSON', JSON.stringify(answer, null, 2)),
        ),
      ];
  document.getElementById('result')?.replaceChildren(...cards.filter((card) => card !== null));
}

// The development tools.

const tools = {
  async copy(value, pressed) {
    await navigator.clipboard.writeText(value);
    const before = pressed.textContent;
    pressed.textContent = 'Copied';
    setTimeout(() => pressed.replaceChildren(before), 1500);
  },
  async advance(seconds) {
    const response = await fetch('/dev/clock', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ advanceSeconds: Number(seconds) }),
    });
    document.getElementById('now')?.replaceChildren((await response.json()).now);
  },
  async reset() {
    if (!confirm('Forget every change, message and session?')) return;
    await fetch('/dev/reset', { method: 'POST' });
    saved.clear();
    location.assign('/try/');
  },
};

document.addEventListener('click', (event) => {
  const pressed = event.target.closest('button');
  for (const [name, use] of Object.entries(tools)) {
    const value = pressed?.dataset[name];
    if (value !== undefined) use(value, pressed);
  }
});

for (const form of document.querySelectorAll('.runner')) {
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    run(form);
  });
  form.elements.client.addEventListener('change', ({ target }) => {
    form.elements.scope.value = target.selectedOptions[0].dataset.scope;
  });
}

/** Fetches the messages anew when there is news, and keeps what the person is reading open. */
async function watchOutbox(place) {
  if (document.hidden) return;
  const response = await fetch('/dev/outbox').catch(() => undefined);
  const newest = response?.ok ? ((await response.json())[0]?.id ?? '') : place.dataset.outbox;
  if (newest === place.dataset.outbox) return;
  place.dataset.outbox = newest;
  const fresh = new DOMParser().parseFromString(await (await fetch(location.pathname)).text(), 'text/html');
  place.querySelector('.letters, .empty')?.replaceWith(fresh.querySelector('.letters, .empty'));
}

const place = document.querySelector('[data-outbox]');
if (place) setInterval(() => watchOutbox(place), 2000);

if (document.getElementById('result')) {
  const result = (await finish()) ?? JSON.parse(saved.getItem('try.result') ?? 'null');
  if (result) show(result);
}
