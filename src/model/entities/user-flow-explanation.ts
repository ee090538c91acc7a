import { boolean, collection, complex, complexType, int32, string } from '../property.ts';

/** Graph has nothing like it. */
const source = 'https://learn.microsoft.com/azure/active-directory-b2c/user-flow-overview';

const userFlowExplainedStep = complexType(
  'usher.userFlowExplainedStep',
  {
    number: int32(),
    kind: string(),
    does: string(),
    /** Null: always. */
    when: string({ nullable: true }),
  },
  source,
);

/** What a user flow does when somebody signs in by it. */
export const userFlowExplanation = complexType(
  'usher.userFlowExplanation',
  {
    flowId: string(),
    isRunnable: boolean(),
    /** Why nobody can begin it; null when people can. */
    obstacle: string({ nullable: true }),
    steps: collection(complex(userFlowExplainedStep)),
    /** English, a line for each step. */
    text: string(),
    /** A Mermaid flowchart. */
    mermaid: string(),
  },
  source,
);
