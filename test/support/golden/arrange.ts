import {
  applications,
  attributes,
  existing,
  plain,
  policy,
  providers,
  servicePrincipals,
  signIns,
} from './arrange-directory.ts';
import { eventListeners, eventsFlows, listeners } from './arrange-events.ts';
import { flows } from './arrange-flows.ts';
import type { Example } from './example.ts';
import { namesOf, type Scene } from './scene.ts';
import type { Stage } from './stage.ts';

type Arrange = (scene: Scene, key: string | undefined) => Promise<void>;

/** Sets by the path that examples ask for, lower case. */
const arrangers: Readonly<Record<string, Arrange>> = {
  'identity/b2cuserflows': (scene, key) => flows(scene, key, 'identity/b2cUserFlows', 'B2C_1_Golden'),
  'identity/b2xuserflows': (scene, key) => flows(scene, key, 'identity/b2xUserFlows', 'B2X_1_Golden'),
  'identity/userflows': (scene, key) => flows(scene, key, 'identity/b2cUserFlows', 'B2C_1_Golden'),
  'identity/identityproviders': providers,
  identityproviders: providers,
  'identity/userflowattributes': attributes,
  'identity/apiconnectors': (scene, key) => plain(scene, key, 'identity/apiConnectors'),
  'identity/events': (scene, key) => listeners(scene, key),
  'identity/authenticationeventsflows': eventsFlows,
  'identity/authenticationeventlisteners': eventListeners,
  'identity/customauthenticationextensions': (scene, key) =>
    plain(scene, key, 'identity/customAuthenticationExtensions'),
  users: (scene, key) => plain(scene, key, 'users'),
  applications,
  serviceprincipals: servicePrincipals,
  'auditlogs/signins': signIns,
  'auditlogs/directoryaudits': (scene, key) => existing(scene, key, 'auditLogs/directoryAudits'),
  'policies/b2cauthenticationmethodspolicy': policy,
  organization: (scene, key) => existing(scene, key, 'organization'),
};

/** Makes what the example takes for granted; the stage then translates its ids. */
export async function arrange(stage: Stage, example: Example): Promise<void> {
  const names = namesOf(example.url);
  const lower = names.map((name) => name.toLowerCase());
  const depth = arrangers[lower.slice(0, 2).join('/')] ? 2 : 1;
  const found = arrangers[lower.slice(0, depth).join('/')];
  const { responseBody, requestBody } = example;
  const listed = Array.isArray(responseBody?.value) ? responseBody.value.filter(isObject) : [];
  const scene = { stage, example, rest: lower.slice(depth + 1), body: responseBody ?? requestBody ?? {}, listed };
  await found?.(scene, names[depth]);
}

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null;
