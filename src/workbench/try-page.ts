import type { OutboxMessage } from '../connectors/index.ts';
import { attributes, type Html, html } from '../http/index.ts';
import { renderLetters } from './outbox-page.ts';
import type { Runnable, TryApplication, TryFlow } from './runnable.ts';
import { renderShell } from './shell.ts';

export interface TryTenant extends Runnable {
  readonly id: string;
  /** The name by which applications address the tenant. */
  readonly domain: string;
  readonly displayName: string;
}

const lettersShown = 3;

const flowTypes: Readonly<Record<string, string>> = {
  signUpOrSignIn: 'sign up or sign in',
  signUp: 'sign up',
  signIn: 'sign in',
  profileUpdate: 'edit the profile',
  passwordReset: 'reset the password',
  resourceOwner: 'password grant, has no pages',
};

/** Whom the default seed creates (product.md, "The seeded tenant"); said only where that seed was used. */
const seeded = {
  tenantId: '775527ff-9a37-4307-8b3d-cc311f58d925',
  appId: '11111111-1111-4111-8111-111111111111',
  email: 'adele@contoso.example',
  password: 'Usher-dev-1',
} as const;

function renderHint({ id, applications }: TryTenant): Html | undefined {
  if (id !== seeded.tenantId || !applications.some(({ appId }) => appId === seeded.appId)) return undefined;
  return html`<p class="hint">Sign in as <code>${seeded.email}</code> with the password <code>${seeded.password}</code>, or sign up with any address: the code arrives in the <a href="/dev/outbox/" target="_blank">outbox (opens a second tab)</a>.</p>`;
}

/** Scopes that give an ID token, a refresh token, and an access token for an API or else for the application itself. */
const scopeOf = ({ appId, scopes }: TryApplication): string =>
  ['openid', 'offline_access', ...(scopes.length > 0 ? scopes : [appId])].join(' ');

function renderMissing(origin: string): Html {
  return html`<p class="notice">No application of this tenant may return to this page. Add the redirect URI <code>${origin}/try/</code> to the single-page platform (<code>spa.redirectUris</code>) of one.</p>`;
}

const renderFlow = ({ id, type }: TryFlow): Html =>
  html`<option value="${id}">${id} (${flowTypes[type] ?? type})</option>`;

/** Those that run, and below them what cannot be chosen, so that nobody misses a flow. */
function renderFlows(flows: readonly TryFlow[]): Html {
  const [able, unable] = partition(flows);
  return html`${able.map(renderFlow)}${
    unable.length > 0 && html`<optgroup label="Cannot run here" disabled>${unable.map(renderFlow)}</optgroup>`
  }`;
}

function renderObstacles(flows: readonly TryFlow[]): Html | undefined {
  const [, unable] = partition(flows);
  if (unable.length === 0) return undefined;
  return html`<details class="obstacles"><summary>Cannot run here: ${unable.length} of ${flows.length}</summary><ul>${unable.map(
    ({ id, obstacle }) => html`<li><code>${id}</code><p>${obstacle}</p></li>`,
  )}</ul></details>`;
}

const partition = (flows: readonly TryFlow[]): readonly [readonly TryFlow[], readonly TryFlow[]] => [
  flows.filter(({ obstacle }) => obstacle === undefined),
  flows.filter(({ obstacle }) => obstacle !== undefined),
];

function renderRunner(tenant: TryTenant, origin: string): Html {
  const { applications, flows, id, domain } = tenant;
  const [first] = applications;
  if (!first) return renderMissing(origin);
  if (flows.length === 0)
    return html`<p class="notice">This tenant has no user flow yet. Create one through Graph, then come back.</p>`;
  if (flows.every(({ obstacle }) => obstacle !== undefined))
    return html`<p class="notice">None of the user flows of this tenant can run here.</p>${renderObstacles(flows)}`;
  const field = (name: string): string => `${name}-${id}`;
  return html`<form class="runner" data-authority="/${domain}">
<div><label for="${field('flow')}">User flow</label><select id="${field('flow')}" name="flow">${renderFlows(flows)}</select>${renderObstacles(flows)}</div>
<div><label for="${field('client')}">Application</label><select id="${field('client')}" name="client">${applications.map(
    (one) =>
      html`<option value="${one.appId}"${attributes({ 'data-scope': scopeOf(one) })}>${one.displayName}</option>`,
  )}</select></div>
<details><summary>Parameters</summary><div class="more">
<div><label for="${field('scope')}">Scopes</label><input id="${field('scope')}" name="scope" value="${scopeOf(first)}" autocomplete="off" spellcheck="false"></div>
<div><label for="${field('hint')}">login_hint</label><input id="${field('hint')}" name="login_hint" autocomplete="off"></div>
<div><label for="${field('locales')}">ui_locales</label><input id="${field('locales')}" name="ui_locales" autocomplete="off" placeholder="en"></div>
<div><label for="${field('prompt')}">prompt</label><select id="${field('prompt')}" name="prompt"><option value="">(not sent)</option><option>login</option><option>none</option></select></div>
</div></details>
<button class="primary" type="submit">Run</button>
</form>${renderHint(tenant)}`;
}

const renderTenant = (tenant: TryTenant, origin: string): Html =>
  html`<section class="card" aria-labelledby="tenant-${tenant.id}"><h2 id="tenant-${tenant.id}">${tenant.displayName}</h2><p class="meta">${tenant.domain}</p>${renderRunner(tenant, origin)}</section>`;

function renderAside(messages: readonly OutboxMessage[], now: string): Html {
  return html`<aside aria-label="Development tools">
<section class="card"><h2>Last messages</h2>${renderLetters(messages.slice(0, lettersShown), 3)}<p><a href="/dev/outbox/">All messages</a></p></section>
<section class="card"><h2>Clock</h2><p class="meta">The server thinks it is</p><p class="now"><time id="now">${now}</time></p>
<div class="row">${[
    ['600', '+10 minutes'],
    ['3600', '+1 hour'],
    ['86400', '+1 day'],
  ].map(
    ([seconds, label]) => html`<button type="button" class="quiet" data-advance="${seconds}">${label}</button>`,
  )}</div></section>
<section class="card"><h2>Start afresh</h2><p class="meta">Forgets every change, message and session, and seeds again.</p><button type="button" class="quiet danger" data-reset="">Reset everything</button></section>
</aside>`;
}

/** Runs user flows as an application would, and shows what the application receives. */
export function renderTryPage(page: {
  readonly origin: string;
  readonly tenants: readonly TryTenant[];
  readonly messages: readonly OutboxMessage[];
  readonly now: string;
}): Html {
  const { origin, tenants, messages, now } = page;
  return renderShell(
    'try',
    'Try a flow',
    html`<div class="columns" data-outbox="${messages[0]?.id ?? ''}"><main><h1>Try a user flow</h1>
<p class="lead">Signs in as a single-page application would: authorization code with PKCE. What the application receives is shown here.</p>
<noscript><p class="notice">Running a flow needs JavaScript, as it does in a single-page application. The sign-in pages themselves work without.</p></noscript>
<div id="result" aria-live="polite"></div>
${tenants.length > 0 ? tenants.map((tenant) => renderTenant(tenant, origin)) : html`<p class="notice">There is no tenant yet.</p>`}
</main>${renderAside(messages, now)}</div>`,
  );
}
