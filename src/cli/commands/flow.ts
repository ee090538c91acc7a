import { explain, type Host, planReader } from '../../flows/index.ts';
import { entities, everyItem } from '../../model/index.ts';
import { createVoice } from '../../pages/index.ts';
import type { CommandContext } from '../command.ts';
import { faults } from '../faults.ts';
import { type OpenTenant, type Outside, openTenant } from '../flow/open-tenant.ts';
import { createQuestions } from '../flow/questions.ts';
import { walkFlow } from '../flow/walk-flow.ts';
import { createLog } from '../logger.ts';

const usage = (problem: string) => faults.usage({ problem, command: 'flow' });

/** What the address at the end of a walk begins with when somebody has come in. */
const signedIn = 'signed in';

/** Letters and text messages are read here, where their codes are asked for; nobody is called. */
const outsideOf = ({ terminal: { out } }: CommandContext): Outside => {
  const journeyHost: Host = {
    async arrive(_, { userId, newUser, amr }) {
      return `${signedIn}${newUser ? ' for the first time' : ''} as ${userId} (${amr.join(', ')})`;
    },
    refuse: async (_, refusal) => `not signed in: ${refusal}`,
    stands: async () => true,
  };
  return {
    journeyHost,
    mailer: { send: async ({ to, text }) => out(`\n-- A letter to ${to} --\n${text}--\n`) },
    texter: { send: async ({ to, text }) => out(`\n-- A text message to ${to}: ${text}\n`) },
    outside: {
      send: async () => ({ kind: 'failed', cause: 'forbidden', reason: 'a walk in the terminal calls nobody' }),
    },
  };
};

type Act = (context: CommandContext, tenant: OpenTenant, flowId: string) => Promise<number>;

async function list({ config, terminal }: CommandContext, { rooms }: OpenTenant): Promise<number> {
  const { directory, flows } = rooms;
  const all = await everyItem((query) => directory.find(query), { type: entities.identityUserFlow });
  const found = await Promise.all(
    all.map(async ({ entity: { id, userFlowType } }) => ({
      id,
      userFlowType,
      obstacle: (await flows.obstacle(id)) ?? null,
    })),
  );
  const line = ({ id, userFlowType, obstacle }: (typeof found)[number]): string =>
    `${id}  ${userFlowType}${obstacle === null ? '' : `  cannot run: ${obstacle}`}\n`;
  terminal.out(config.json ? `${JSON.stringify(found)}\n` : found.map(line).join(''));
  return 0;
}

/** Throws `cli.failed` when there is no such flow, and why it cannot run. */
async function planOf({ directory }: OpenTenant['rooms'], flowId: string) {
  const plan = await planReader(directory)(flowId, []);
  if (!plan) throw faults.failed({ reason: `There is no user flow '${flowId}': 'usher flow list' names them.` });
  return plan;
}

const explainIt: Act = async ({ config, terminal }, { rooms }, flowId) => {
  const { text, mermaid, ...explained } = explain(await planOf(rooms, flowId));
  if (config.json) terminal.out(`${JSON.stringify({ ...explained, mermaid })}\n`);
  else terminal.out(config.mermaid ? mermaid : `${text}\n${mermaid}`);
  return 0;
};

/** Which flow an application gets, and why no other one. Throws `cli.failed` when there is no such application. */
const explainApp: Act = async ({ config, terminal }, { rooms }, appId) => {
  const filter = { op: 'eq', path: ['appId'], value: appId.toLowerCase() } as const;
  const { items } = await rooms.directory.find({ type: entities.application, filter, limit: 1 });
  if (!items[0]) throw faults.failed({ reason: `There is no application '${appId}' in this tenant.` });
  const { text, ...explained } = await rooms.flows.explainFor(items[0].entity.appId);
  terminal.out(config.json ? `${JSON.stringify(explained)}\n` : text);
  return 0;
};

const runIt: Act = async (context, { rooms, words }, flowId) => {
  const { terminal } = context;
  await planOf(rooms, flowId);
  const questions = createQuestions(terminal, process.stdin);
  try {
    const end = await walkFlow(flowId, { flows: rooms.flows, questions, terminal, voice: createVoice(words, ['en']) });
    if (end === undefined) throw faults.failed({ reason: 'The answers ended before the flow did.' });
    terminal.out(`\n${end}\n`);
    return end.startsWith(signedIn) ? 0 : 1;
  } finally {
    questions.close();
  }
};

const verbs: Readonly<Record<string, Act>> = { list, explain: explainIt, run: runIt };

/** What is to be done, and of which flow or application. Throws `cli.usage`. */
function taskOf({ config, positionals }: CommandContext): { readonly act: Act; readonly subject: string } {
  const [verb = '', flowId] = positionals;
  const act = Object.hasOwn(verbs, verb) ? verbs[verb] : undefined;
  if (!act) throw usage(verb === '' ? "Say 'list', 'explain' or 'run'." : `There is no 'flow ${verb}'.`);
  if (config.app !== undefined) {
    if (act !== explainIt || flowId !== undefined) throw usage("--app goes with 'explain', in place of a user flow.");
    return { act: explainApp, subject: config.app };
  }
  if (act === list ? flowId !== undefined : flowId === undefined)
    throw usage(act === list ? "'list' takes no name." : 'Name one user flow.');
  return { act, subject: flowId ?? '' };
}

/**
 * `usher flow list|explain|run`, on the database of `--data` or `--database`: `list` and `explain` also beside a server; `run` makes real
 * accounts in it.
 */
export async function flow(context: CommandContext): Promise<number> {
  const { config } = context;
  const { act, subject } = taskOf(context);
  const tenant = await openTenant(config, outsideOf(context), await createLog(config.logLevel), act !== runIt);
  try {
    return await act(context, tenant, subject);
  } finally {
    await tenant.close();
  }
}
