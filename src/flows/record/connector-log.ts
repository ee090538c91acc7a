import type { Directory } from '../../directory/index.ts';
import { type Clock, isoDateTime, type Observe } from '../../kernel/index.ts';
import { type Draft, entities } from '../../model/index.ts';
import type { Connector, ConnectorCall, NoteCall } from '../callouts/connector-calls.ts';
import type { Exchanged } from '../callouts/exchange.ts';
import { redactedAnswer, redactedRequest, toldNames } from '../callouts/redact.ts';
import { createEntryQueue } from './entry-queue.ts';

/** The calls of API connectors of all tenants, written off the hot path without anything of the person. */
export interface ConnectorLog {
  of(directory: Pick<Directory, 'append'>): NoteCall;
  /** Writes what is waiting. */
  flush(): Promise<void>;
  /** Forgets what is waiting, because its tenants are gone. */
  clear(): void;
}

const type = entities.connectorCall;

function entryOf(
  { id, displayName }: Connector,
  { step, audience, body, attributes, occasion }: ConnectorCall,
  { answer, attempts, http, milliseconds }: Exchanged,
  now: number,
): Draft<typeof type> {
  const came = http.kind === 'answered' ? redactedAnswer(http.body) : null;
  return {
    startedDateTime: isoDateTime(now - Math.round(milliseconds / 1000)),
    connectorId: id,
    connectorDisplayName: displayName,
    step,
    audience,
    flowId: occasion.flowId,
    appId: occasion.appId,
    correlationId: occasion.correlationId,
    durationInMilliseconds: milliseconds,
    attempts,
    status: http.kind === 'answered' ? http.status : null,
    came: answer.kind === 'Flaw' ? answer.code : answer.kind,
    flaw: answer.kind === 'Flaw' ? answer.sentence : null,
    ignored: answer.kind === 'Continue' ? toldNames(answer.ignored) : [],
    request: JSON.stringify(redactedRequest(body, { step, audience, attributes })),
    answer: came && JSON.stringify(came),
  };
}

export function createConnectorLog(services: {
  readonly clock: Clock;
  readonly observe: Observe;
  readonly flushMilliseconds?: number;
}): ConnectorLog {
  const queue = createEntryQueue(type, 'calls of API connectors', services);
  return {
    of: (directory) => (connector, call, exchanged) =>
      queue.add(directory, entryOf(connector, call, exchanged, services.clock.now())),
    flush: queue.flush,
    clear: queue.clear,
  };
}
