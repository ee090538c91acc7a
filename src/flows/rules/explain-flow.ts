import type { OperationCall } from '../../directory/index.ts';
import { Fault, isMalfunction } from '../../kernel/index.ts';
import { explain } from '../explain.ts';
import { planReader } from '../plans.ts';

/** What a sign-in by the flow would do now; a flow that cannot run says why instead. */
export async function explainFlow({ directory, target }: OperationCall) {
  const flowId = target?.entity.id ?? '';
  const nothing = { flowId, steps: [], text: '', mermaid: '' };
  try {
    const plan = await planReader(directory)(flowId, []);
    if (!plan) return { ...nothing, isRunnable: false, obstacle: 'The flow is gone.' };
    return { ...explain(plan), isRunnable: true, obstacle: null };
  } catch (error) {
    if (!(error instanceof Fault) || isMalfunction(error)) throw error;
    return { ...nothing, isRunnable: false, obstacle: error.message };
  }
}
