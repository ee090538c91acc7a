import type { Observation, Observe } from '../../kernel/index.ts';
import type { Registry } from './registry.ts';

type Kind = Observation['kind'];
type Of<K extends Kind> = Extract<Observation, { readonly kind: K }>;

const nothing = (): void => undefined;

/** Of what an application asks for, the names that are known; any other could be made up. */
const grants: ReadonlySet<string> = new Set([
  'authorization_code',
  'client_credentials',
  'password',
  'refresh_token',
  'urn:ietf:params:oauth:grant-type:device_code',
  'device_code',
  'authorize',
]);
const grantOf = (grant: string): string => (grants.has(grant) ? grant : 'other');

/** Methods of RFC 9110 §9 and RFC 5789; others count as one, as the conventions have it. */
const methods: ReadonlySet<string> = new Set([
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
  'TRACE',
  'CONNECT',
]);
const methodOf = (method: string): string => (methods.has(method) ? method : '_OTHER');

type View<K extends Kind> = (registry: Registry, observation: Of<K>) => void;

/** What each observation adds to the metrics. */
const views: { readonly [K in Kind]: View<K> } = {
  'server.listening': nothing,
  'server.stopping': nothing,
  'server.certificateRenewed': nothing,
  'server.workerLost': nothing,
  'http.answered': (to, { method, route, status, milliseconds }) =>
    to.measure('http.server.request.duration', milliseconds / 1000, [methodOf(method), route, String(status)]),
  'http.failed': (to, { route }) => to.add('usher.request.failures', [route]),
  'directory.changed': (to, { type, verb }) => to.add('usher.directory.changes', [type, verb]),
  'journey.moved': (to, { step, outcome, milliseconds }) =>
    to.measure('usher.journey.step.duration', milliseconds / 1000, [step, outcome]),
  'journey.began': (to, { flowId }) => to.add('usher.journeys.began', [flowId]),
  'journey.arrived': (to, { flowId }) => to.add('usher.journeys.ended', [flowId, 'arrived']),
  'journey.refused': (to, { flowId, refusal }) => to.add('usher.journeys.ended', [flowId, refusal]),
  'token.issued': (to, { grant }) => to.add('usher.tokens.issued', [grantOf(grant)]),
  'token.refused': (to, { grant, code }) => to.add('usher.tokens.refused', [grantOf(grant), code]),
  'account.locked': (to) => to.add('usher.accounts.locked'),
  'hash.computed'(to, { waited, worked }) {
    to.measure('usher.hash.queue.duration', waited / 1000);
    to.measure('usher.hash.duration', worked / 1000);
  },
  'hash.refused': (to) => to.add('usher.hash.refused'),
  'outside.called': (to, { target, outcome, milliseconds }) =>
    to.measure('usher.outside.duration', milliseconds / 1000, [target, outcome]),
  'message.handed': (to, { channel, outcome, milliseconds }) =>
    to.measure('usher.message.duration', milliseconds / 1000, [channel, outcome]),
  'store.asked': (to, { operation, outcome, milliseconds }) =>
    to.measure('usher.store.duration', milliseconds / 1000, [operation, outcome]),
  'logout.told': (to, { outcome }) => to.add('usher.logout.notices', [outcome]),
  'webhook.called': (to, { outcome }) => to.add('usher.webhook.attempts', [outcome]),
  'mail.sent': nothing,
  'text.sent': nothing,
  'store.migrated': nothing,
  warning: (to) => to.add('usher.warnings'),
};

/** Counts and measures what the server says of itself. */
export const measuring =
  (registry: Registry): Observe =>
  (observation) =>
    (views[observation.kind] as View<Kind>)(registry, observation);
