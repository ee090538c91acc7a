import type { KnownAttribute } from '../callouts/answer-claims.ts';
import type { ConnectorAudience, ConnectorStep } from '../callouts/connector-step.ts';
import { flawValues } from '../callouts/flaw-text.ts';
import type { ConnectorAnswer, Flaw, FlawCode } from '../callouts/read-answer.ts';
import { toldNames } from '../callouts/redact.ts';
import { connectorBody, type Subject } from '../callouts/request-body.ts';
import { newcomer } from '../callouts/subjects.ts';
import { blockPage, failurePage, mostRetries, quoted, retryAction } from '../callouts/trouble-page.ts';
import type { Refusal } from '../journey.ts';
import type { Input, Outcome, StepContext } from '../step.ts';
import { failureMessage } from './connector-failure.ts';

/** Which API is called at a step of a plan. */
export interface ConnectorSettings {
  /** Id of the API connector. */
  readonly connector: string;
  readonly audience: ConnectorAudience;
}

/** The same on the way to an account. */
export interface SignUpConnectorSettings extends ConnectorSettings {
  /** Ids of the attributes that the flow collects; what an API says of others is not kept. */
  readonly collected: readonly string[];
  /** Ids of the attributes that tokens tell; none: all. */
  readonly returned: readonly string[];
}

/** Kept while one of the pages of a call is shown. Absent: the person was blocked, for good. */
interface Memo {
  readonly flaw: Flaw;
  readonly tries: number;
}

/** Names of members that the record of a journey tells. */
const mostNames = 20;

const told = (answer: ConnectorAnswer): Readonly<Record<string, string | number>> => {
  if (answer.kind === 'Flaw') return { code: answer.code, reason: answer.sentence };
  if (answer.kind !== 'Continue') return {};
  const { claims, ignored } = answer;
  const names = toldNames(ignored).slice(0, mostNames).join(', ');
  return { claims: Object.keys(claims).length, ...(names === '' ? {} : { ignored: names }) };
};

/** Calls the API and says in the record what came of it: names and codes, not a value. */
export async function askConnector(
  context: StepContext,
  { connector, audience }: ConnectorSettings,
  { step, subject, attributes }: { step: ConnectorStep; subject: Subject; attributes: readonly KnownAttribute[] },
): Promise<ConnectorAnswer> {
  const { client, locales, flowId, correlationId, sender } = context.journey;
  const body = connectorBody(step, audience, subject, { clientId: client.appId, locale: locales[0] });
  const { answer, attempts } = await context.connectors.ask({
    connectorId: connector,
    address: sender.address,
    step,
    audience,
    body,
    attributes,
    occasion: { flowId, appId: client.appId, correlationId },
  });
  context.note({ what: step, came: answer.kind, because: { connector, attempts, ...told(answer) } });
  return answer;
}

const refusals: Readonly<Record<FlawCode, Refusal>> = {
  AADB2C90027: 'connectorPassword',
  AADB2C90028: 'connectorCertificate',
  AADB2C90075: 'connectorRefused',
  AADB2C90162: 'connectorUnreached',
  AADB2C90261: 'connectorUnread',
};

export type AnsweredClaims = Extract<ConnectorAnswer, { readonly kind: 'Continue' }>['claims'];

/** As `askConnector`, about whoever is about to get an account. */
export async function askAboutNewcomer(
  context: StepContext,
  settings: SignUpConnectorSettings,
  step: ConnectorStep,
): Promise<ConnectorAnswer> {
  const attributes = await context.connectors.attributes();
  const issuer = context.directory.tenant.domains[0] ?? '';
  const subject = newcomer(context.journey.facts, settings.audience, issuer);
  return askConnector(context, settings, { step, subject, attributes });
}

/** Everything but going on: what a step does where an API blocks a person or fails. */
export function stopped(
  { journey: { memo, correlationId } }: StepContext,
  step: ConnectorStep,
  answer: Exclude<ConnectorAnswer, { readonly kind: 'Continue' }>,
): Outcome & { readonly kind: 'show' } {
  if (answer.kind !== 'Flaw') return { kind: 'show', screen: blockPage([quoted(answer.userMessage)]) };
  const { tries = 0 } = (memo ?? {}) as Partial<Memo>;
  const kept: Memo = { flaw: answer, tries: tries + 1 };
  return { kind: 'show', screen: failurePage(failureMessage(step, answer, correlationId)), memo: kept };
}

/** The answer to a page of `stopped`; `undefined`: the API is to be asked once more. */
export function leftOff({ journey }: StepContext, step: ConnectorStep, { action }: Input): Outcome | undefined {
  const memo = journey.memo as Memo | undefined;
  if (!memo) return { kind: 'refuse', refusal: 'cancelled' };
  if (action === retryAction && memo.tries < mostRetries) return undefined;
  return { kind: 'refuse', refusal: refusals[memo.flaw.code], detail: flawValues(step, memo.flaw) };
}
