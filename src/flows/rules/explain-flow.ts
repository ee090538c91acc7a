import type { OperationCall } from '../../directory/index.ts';
import { explain } from '../explain.ts';
import { obstacleOf } from '../obstacle.ts';
import { planReader } from '../plans.ts';

/** What a sign-in by the flow would do now; a flow that cannot run says why instead. */
export async function explainFlow({ directory, target }: OperationCall) {
  const flowId = target?.entity.id ?? '';
  const nothing = { flowId, steps: [], text: '', mermaid: '' };
  const planned = planReader(directory)(flowId, []);
  const obstacle = await obstacleOf(planned);
  if (obstacle !== undefined) return { ...nothing, isRunnable: false, obstacle };
  const plan = await planned;
  if (!plan) return { ...nothing, isRunnable: false, obstacle: 'The flow is gone.' };
  return { ...explain(plan), isRunnable: true, obstacle: null };
}
