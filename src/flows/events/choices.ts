import type { Observe } from '../../kernel/index.ts';
import { type Asked, type Choice, chooseFlow, withoutFlow } from './choose.ts';
import { type Contender, tenantSignIn } from './contender.ts';

/** Which user flows applications get at the tenant's own authority. */
export interface Choices {
  /** For `Flows.start`. A tenant where nothing is configured answers `tenantSignIn`. */
  choose(appId: string): Promise<{ readonly flowId: string }>;
  explainFor(appId: string): Promise<ExplainedChoice>;
}

/** One listener, and what came of it. */
export interface ExplainedListener {
  readonly id: string;
  readonly type: string;
  readonly displayName: string | null;
  readonly priority: number;
  /** The flow it leads to; null: none. */
  readonly flowId: string | null;
  readonly reason: Asked['came'];
  /** The reason as a sentence. */
  readonly because: string;
}

export interface ExplainedChoice {
  readonly appId: string;
  readonly flowId: string;
  /** In the order they are asked; at most one has matched. */
  readonly listeners: readonly ExplainedListener[];
  /** All of it as lines of English. */
  readonly text: string;
}

interface ChoiceServices {
  contenders(): Promise<readonly Contender[]>;
  /** Why a flow cannot be begun; undefined: it can. */
  obstacle(flowId: string): Promise<string | undefined>;
}

const sentences: Readonly<Record<Asked['came'], string>> = {
  matched: 'It is the first that names the application and a user flow.',
  applicationNotIncluded: 'Its conditions do not name the application.',
  otherEvent: 'It listens to an event on which no user flow is chosen.',
  noUserFlow: 'It names no user flow yet.',
  flowGone: 'The user flow that it names is gone.',
  lowerPriority: 'Another listener that names the application comes before it by its priority.',
  samePriority: 'Another listener that names the application has the same priority and comes before it by its id.',
  olderGeneration: 'A listener or flow of the newer generation names the application, and those come first.',
  notRunnable: 'It is the first that names the application, but its user flow cannot be begun:',
};

const flowOf = ({ leadsTo }: Contender): string | null => (leadsTo.kind === 'none' ? null : leadsTo.id);

function explained(appId: string, { flowId, asked }: Choice, obstacle: string | undefined): ExplainedChoice {
  const listeners = asked.map(({ contender, came }): ExplainedListener => {
    const { id, type, displayName, priority } = contender;
    const because = came === 'notRunnable' ? `${sentences[came]} ${obstacle}` : sentences[came];
    return { id, type, displayName, priority, flowId: flowOf(contender), reason: came, because };
  });
  const flow = flowId === tenantSignIn ? 'people sign in at the tenant, and nobody can sign up' : flowId;
  const lines = listeners.map(
    ({ type, id, displayName, priority, because }) =>
      `- ${type} ${displayName === null ? id : `'${displayName}' (${id})`}, priority ${priority}: ${because}`,
  );
  return { appId, flowId, listeners, text: [`Application ${appId}: ${flow}.`, ...lines, ''].join('\n') };
}

/** Says which user flow an application gets, and of every listener what came of it. */
export async function explainChoice(appId: string, services: ChoiceServices): Promise<ExplainedChoice> {
  const { choice, cause } = await decide(appId, services);
  return explained(appId, choice, cause);
}

async function decide(appId: string, { contenders, obstacle }: ChoiceServices) {
  const choice = chooseFlow(appId, await contenders());
  const cause = choice.flowId === tenantSignIn ? undefined : await obstacle(choice.flowId);
  return { choice: cause === undefined ? choice : withoutFlow(choice), cause };
}

export function createChoices(services: ChoiceServices, observe: Observe): Choices {
  /** Said once for each pair, not once for each sign-in. */
  let warned: readonly string[] = [];

  function warnOfTies({ asked }: Choice): void {
    const at = asked.findIndex(({ came }) => came === 'matched' || came === 'notRunnable');
    const winner = asked[at]?.contender.id;
    const other = asked.slice(at).find(({ came }) => came === 'samePriority')?.contender.id;
    const pair = `${winner} ${other}`;
    if (at < 0 || !other || warned.includes(pair)) return;
    warned = [...warned, pair].slice(-100);
    const message = `Two listeners for one application have the same priority: '${winner}' is taken before '${other}'.`;
    observe({ kind: 'warning', message });
  }

  return {
    async choose(appId) {
      const { choice } = await decide(appId, services);
      warnOfTies(choice);
      return { flowId: choice.flowId };
    },
    explainFor: (appId) => explainChoice(appId, services),
  };
}
