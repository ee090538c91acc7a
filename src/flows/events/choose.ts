import { type Contender, includes, inOrder, tenantSignIn } from './contender.ts';

/** Why a listener does not say which flow an application gets. */
export type Reason =
  | 'applicationNotIncluded'
  | 'otherEvent'
  | 'noUserFlow'
  | 'flowGone'
  | 'lowerPriority'
  | 'samePriority'
  | 'olderGeneration'
  /** It matches first, and its flow cannot be begun: nobody is let in by another one instead. */
  | 'notRunnable';

export interface Asked {
  readonly contender: Contender;
  readonly came: 'matched' | Reason;
}

export interface Choice {
  /** What `Flows.start` is told. */
  readonly flowId: string;
  /** Every listener in the order they are asked; at most one has matched. */
  readonly asked: readonly Asked[];
}

/** Why one that is asked cannot match, whoever else does. */
function unfit(contender: Contender, appId: string): Reason | undefined {
  if (contender.isOfOtherEvent) return 'otherEvent';
  if (!includes(contender, appId)) return 'applicationNotIncluded';
  if (contender.leadsTo.kind === 'none') return 'noUserFlow';
  return contender.leadsTo.kind === 'gone' ? 'flowGone' : undefined;
}

function after(winner: Contender, late: Contender): Reason {
  if (winner.generation !== late.generation) return 'olderGeneration';
  return winner.priority === late.priority ? 'samePriority' : 'lowerPriority';
}

/**
 * Which user flow an application gets at the tenant's own authority: that of the first listener, by generation and priority, whose
 * conditions name the application and that names a flow (Graph contract e rows 74, 75). Pure.
 */
export function chooseFlow(appId: string, contenders: readonly Contender[]): Choice {
  let winner: Contender | undefined;
  const asked = inOrder(contenders).map((contender): Asked => {
    const reason = unfit(contender, appId) ?? (winner && after(winner, contender));
    if (reason === undefined) winner = contender;
    return { contender, came: reason ?? 'matched' };
  });
  return { flowId: winner?.leadsTo.kind === 'flow' ? winner.leadsTo.id : tenantSignIn, asked };
}

/** The same where the flow that was chosen cannot be begun. */
export const withoutFlow = ({ asked }: Choice): Choice => ({
  flowId: tenantSignIn,
  asked: asked.map(({ contender, came }) => ({ contender, came: came === 'matched' ? 'notRunnable' : came })),
});
