import { matrixText } from '../test/journeys/matrix.ts';
import { kindsText } from './flow-kinds.ts';

const introduction = `# User flows and what their settings do

Printed by \`npm run golden\` from the recipes in \`src/flows/recipes/\` and the scenarios in \`test/journeys/\`. What one flow does with its
settings as they are now says \`usher flow explain FLOW\`, in words and as a diagram.

## Kinds of user flow
`;

const settings = `## Settings

Every setting that an administrator can change about a B2C user flow, and for each kind of flow the scenario that proves it: the setting is
flipped through the management API, and the difference is seen by a visitor over HTTP. \`test/journeys/journeys.test.ts\` runs the scenarios
and fails for a setting without one. A number in brackets leads to the reason why a setting has nothing to say there.
`;

/** docs/journeys.md. */
export const journeysPage = async (): Promise<string> =>
  [introduction, await kindsText(), settings, matrixText()].join('\n');
