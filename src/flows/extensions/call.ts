import type { Outside, OutsideAnswer } from '../../connectors/index.ts';
import type { Directory } from '../../directory/index.ts';
import type { Clock, Observe } from '../../kernel/index.ts';
import { isDown, sendUpTo } from '../callouts/attempts.ts';
import { type CircuitBreaker, createCircuitBreaker } from '../callouts/circuit-breaker.ts';
import { checkConfiguration } from '../events/extension-check.ts';
import type { Sender } from '../journey.ts';
import { type Action, readAction } from './answer.ts';
import { type CallFailure, type FailureName, failed } from './failure.ts';
import { createSubscriptions, type Subscription, type Subscriptions } from './subscriptions.ts';

/** A token by which an API of the tenant knows that the server itself calls it. */
export type ApiToken =
  | { readonly kind: 'token'; readonly value: string }
  /** No application stands for the API, or it is switched off. */
  | { readonly kind: 'none'; readonly isDisabled: boolean };

export interface ApiTokens {
  /** `resourceId`: `api://{domain}/{appId}`. `origin`: the public one that was asked, which names the issuer. */
  tokenFor(resourceId: string, origin: string): Promise<ApiToken>;
}

/** The custom authentication extensions of a tenant: who is called on an event, and the call. */
export interface EventExtensions extends Subscriptions {
  /**
   * Calls the extension with a body, and again as often as its settings say, then reads the frame of what came back. `sender`: for whom, and
   * under which public origin.
   */
  call(
    subscription: Subscription,
    body: Readonly<Record<string, unknown>>,
    sender: Pick<Sender, 'address' | 'origin'>,
  ): Promise<Action | CallFailure>;
}

interface ExtensionServices {
  readonly directory: Directory;
  readonly outside: Outside;
  readonly tokens: ApiTokens;
  readonly clock: Pick<Clock, 'now'>;
  readonly observe: Observe;
}

/** Bytes of an answer that are read: claims of 3 KB and every attribute of a form have room. */
const mostBytes = 65_536;

type Failed = Extract<OutsideAnswer, { readonly kind: 'failed' }>;

const causes: Readonly<Record<Failed['cause'], readonly [FailureName, string]>> = {
  forbidden: ['blocked', 'Its address is not one that this server may call.'],
  timedOut: ['timedOut', 'It did not answer in time.'],
  tooLong: ['tooLong', `Its answer is longer than ${mostBytes} bytes.`],
  unknownHost: ['unreachable', 'The name in its address leads nowhere.'],
  unreachable: ['unreachable', 'No connection to it could be made.'],
};

/** What `validateAuthenticationConfiguration` finds, as codes of calls. */
const findings: Readonly<Record<string, FailureName>> = {
  IncorrectResourceIdFormat: 'badResourceId',
  DomainNameDoesNotMatch: 'otherDomain',
  ServicePrincipalNotFound: 'noApplication',
  PermissionNotGrantedToServicePrincipal: 'notPermitted',
};

/** Where an extension is called, and with which token. */
interface Way {
  readonly kind: 'way';
  readonly targetUrl: string;
  readonly token: string;
}

/** Looks before anything is sent: whatever is wrong with the settings has a code of its own. */
async function wayTo(
  { extension }: Subscription,
  origin: string | undefined,
  { directory, tokens }: ExtensionServices,
): Promise<Way | CallFailure> {
  if (!extension) return failed('notFound', 'The listener names no extension.');
  const { endpointConfiguration, authenticationConfiguration } = extension;
  if (!endpointConfiguration) return failed('badTargetUrl', 'The extension has no targetUrl.');
  if (authenticationConfiguration['@odata.type'] !== 'azureAdTokenAuthentication')
    return failed('unexpected', 'Proof-of-possession tokens are not made here: use azureAdTokenAuthentication.');
  const { errors, warnings } = await checkConfiguration(extension, directory);
  const [first] = [...errors, ...warnings];
  if (first) return failed(findings[first.code] ?? 'unexpected', `${first.message}.`);
  if (origin === undefined) return failed('unexpected', 'Nobody asked for it under an address of this server.');
  const token = await tokens.tokenFor(authenticationConfiguration.resourceId, origin);
  if (token.kind === 'token') return { kind: 'way', targetUrl: endpointConfiguration.targetUrl, token: token.value };
  return token.isDisabled
    ? failed('applicationDisabled', 'The application of its resourceId is switched off.')
    : failed('noApplication', 'No application has its resourceId.');
}

async function send(
  { targetUrl, token }: Way,
  { extension, timeoutMilliseconds, maximumRetries }: Subscription,
  body: string,
  {
    directory,
    outside,
    breaker,
    address,
  }: Pick<ExtensionServices, 'directory' | 'outside'> & { readonly breaker: CircuitBreaker; readonly address: string },
): Promise<OutsideAnswer | CallFailure> {
  const key = `${extension?.id} ${targetUrl}`;
  if (!breaker.admits(key, address))
    return failed('unreachable', 'It failed several times in a row and is not called for a while.');
  const request = {
    target: 'extension',
    method: 'POST',
    url: targetUrl,
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body,
    purpose: `extension ${directory.tenant.id} ${extension?.id}`,
    milliseconds: timeoutMilliseconds,
    bytes: mostBytes,
  } as const;
  const { http } = await sendUpTo(1 + maximumRetries, isDown, outside, request);
  breaker.told(key, !isDown(http), address);
  return http;
}

/** What an extension is sent and what it answers is neither logged nor kept. */
export function createEventExtensions(services: ExtensionServices): EventExtensions {
  const { directory, clock, observe } = services;
  const breaker = createCircuitBreaker(clock);
  return {
    ...createSubscriptions(directory),
    async call(subscription, body, sender) {
      const way = await wayTo(subscription, sender.origin, services);
      if (way.kind === 'failed') return way;
      const answer = await send(way, subscription, JSON.stringify(body), {
        ...services,
        breaker,
        address: sender.address,
      });
      if (answer.kind === 'answered') return readAction(subscription.event, answer);
      if (!('cause' in answer)) return answer;
      const [name, sentence] = causes[answer.cause];
      observe({
        kind: 'warning',
        message: `The extension '${subscription.extension?.id}' could not be called: ${answer.reason}`,
      });
      return failed(name, sentence);
    },
  };
}
