import type { Outside } from '../../connectors/index.ts';
import { behaviour, type OperationCall } from '../../directory/index.ts';
import { type EntityOf, entities } from '../../model/index.ts';
import { type Connector, proofOf, uncertified } from '../callouts/connector-calls.ts';
import type { ConnectorAudience, ConnectorStep } from '../callouts/connector-step.ts';
import { type Exchanged, exchange } from '../callouts/exchange.ts';
import { knownAttributes } from '../callouts/known-attributes.ts';
import { redactedAnswer } from '../callouts/redact.ts';
import { sampleRequest } from '../callouts/samples.ts';
import { type Trial, trialOf } from '../callouts/trial.ts';
import { faults } from './faults.ts';

const { identityApiConnector, connectorCall } = entities;

/** Of the application that nobody signs in to in a trial. */
const nobodysClient = '00000000-0000-0000-0000-000000000000';

type Body = Readonly<Record<string, unknown>>;
type Call = Pick<OperationCall, 'directory' | 'clock' | 'tenant'>;

interface Asked {
  readonly step: ConnectorStep;
  readonly audience: ConnectorAudience;
  readonly body: Body;
}

/** As a journey would, but a server that is given a rest is called all the same. */
async function ask(outside: Outside, connector: Connector, { step, audience, body }: Asked, call: Call) {
  const proof = await proofOf(connector, call);
  if (!proof) {
    const http = { kind: 'failed', cause: 'forbidden', reason: uncertified.sentence } as const;
    return { answer: uncertified, attempts: 0, http, milliseconds: 0 } satisfies Exchanged;
  }
  const attributes = await knownAttributes(call.directory);
  const purpose = `trial of an API connector ${call.tenant.id} ${connector.id}`;
  return exchange(outside, { url: connector.targetUrl, proof, step, audience, body, attributes, purpose });
}

const shown = ({ milliseconds, ...trial }: Trial, body: Body, differences: readonly string[]) => ({
  ...trial,
  durationInMilliseconds: milliseconds,
  request: JSON.stringify(body),
  differences,
});

/** A member is told by what is kept of it: its name and its type. */
function differencesOf(before: EntityOf<typeof connectorCall>, { answer, http }: Exchanged): readonly string[] {
  const came = answer.kind === 'Flaw' ? answer.code : answer.kind;
  const status = http.kind === 'answered' ? http.status : null;
  const now = http.kind === 'answered' ? redactedAnswer(http.body) : null;
  const then = before.answer === null ? null : (JSON.parse(before.answer) as Body);
  const names = [...new Set([...Object.keys(then ?? {}), ...Object.keys(now ?? {})])];
  const spoken = (value: unknown): string => (value === undefined ? 'absent' : JSON.stringify(value));
  return [
    ...(came === before.came ? [] : [`It came to ${came}, and then to ${before.came}.`]),
    ...(status === before.status ? [] : [`The status is ${status ?? 'none'}, and was ${before.status ?? 'none'}.`]),
    ...names
      .filter((name) => name !== 'action' && spoken(now?.[name]) !== spoken(then?.[name]))
      .map((name) => `'${name}' is ${spoken(now?.[name])}, and was ${spoken(then?.[name])}.`),
  ];
}

async function test(outside: Outside, call: OperationCall<typeof identityApiConnector>) {
  const { target, parameters } = call;
  if (!target) return undefined;
  const { step, audience } = parameters as unknown as Pick<Asked, 'step' | 'audience'>;
  const attributes = await knownAttributes(call.directory);
  const body = sampleRequest(step, audience, { clientId: nobodysClient, attributes });
  const exchanged = await ask(outside, target.entity, { step, audience, body }, call);
  return shown(trialOf({ step, audience }, exchanged, { reveals: false }), body, []);
}

/** Throws `flows.connectorGone`. */
async function replay(outside: Outside, call: OperationCall<typeof connectorCall>) {
  const { target, directory } = call;
  if (!target) return undefined;
  const { connectorId, step, audience, request } = target.entity;
  const found = await directory.get({ type: identityApiConnector, id: connectorId });
  if (!found) throw faults.connectorGone({ id: connectorId });
  const body = JSON.parse(request) as Body;
  const exchanged = await ask(outside, found.entity, { step, audience, body }, call);
  return shown(
    trialOf({ step, audience }, exchanged, { reveals: false }),
    body,
    differencesOf(target.entity, exchanged),
  );
}

/** Calls that no journey waits for: to see what an API answers, and to repeat what it was asked once. */
export const trialRules = (outside: Outside) => [
  behaviour({
    type: identityApiConnector,
    operations: { test: (call: OperationCall<typeof identityApiConnector>) => test(outside, call) },
  }),
  behaviour({
    type: connectorCall,
    operations: { replay: (call: OperationCall<typeof connectorCall>) => replay(outside, call) },
  }),
];
