import { type ManagementPage, type ManagementReply, managementPage } from './page.ts';

/** A database that takes longer is told as not answering, in milliseconds; a probe usually waits for one to three seconds. */
const patience = 2_000;

const told = (status: number, body: object): ManagementReply => ({
  status,
  contentType: 'application/json',
  body: `${JSON.stringify(body)}\n`,
});

/** `/livez`: the processes turn. Whoever runs the server starts it anew when this fails, so it says nothing of what a new start would not mend. */
export const livez = managementPage({
  path: '/livez',
  tell: async () => true,
  answer: (processes) =>
    processes.length > 0 ? told(200, { status: 'alive' }) : told(503, { status: 'not answering' }),
});

interface Readiness {
  readonly draining: boolean;
  readonly database: boolean;
}

const isReady = ({ draining, database }: Readiness): boolean => database && !draining;

function reasonOf(processes: readonly Readiness[]): string {
  if (processes.length === 0) return 'not answering';
  if (processes.every(({ draining }) => draining)) return 'draining';
  return 'the database does not answer';
}

/** Resolves to whether the question was answered within the time allowed. */
async function answers(question: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, patience, false);
  });
  const inTime = question.then(
    () => true,
    () => false,
  );
  return Promise.race([inTime, late]).finally(() => clearTimeout(timer));
}

/**
 * `/readyz`: requests may be sent here. Of several processes one that is ready is enough. A full queue of passwords does not count: it says that there is
 * much to do, and taking this server away would leave the same to the others.
 */
export const readyz = managementPage<Readiness>({
  path: '/readyz',
  tell: async (vitals) => ({ draining: vitals.draining(), database: await answers(vitals.askDatabase()) }),
  answer: (processes) =>
    processes.some(isReady) ? told(200, { status: 'ready' }) : told(503, { status: reasonOf(processes) }),
});

export const healthPages: readonly ManagementPage[] = [livez, readyz];
