import { matrixText } from '../test/journeys/matrix.ts';

const introduction = `# What each setting of a user flow does

Every setting that an administrator can change about a B2C user flow, and for each kind of flow the scenario that proves it: the setting is
flipped through the management API, and the difference is seen by a visitor over HTTP. Printed from \`test/journeys/\` by
\`npm run golden\`; \`test/journeys/journeys.test.ts\` runs the scenarios and fails for a setting without one. A number in brackets leads to the
reason why a setting has nothing to say there.

What a flow does with its settings as they are now says \`usher flow explain FLOW\`, in words and as a diagram.
`;

/** docs/journeys.md. */
export const journeysPage = (): string => `${introduction}\n${matrixText()}`;
