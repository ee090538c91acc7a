import { Fault, isMalfunction } from '../kernel/index.ts';

/**
 * Why a flow cannot be begun, as sentences for administrators: what people are told, and the cause where that does not name it; `undefined`
 * when it can. Rejects for what is no refusal.
 */
export async function obstacleOf(plan: Promise<unknown>): Promise<string | undefined> {
  try {
    await plan;
    return undefined;
  } catch (error) {
    if (!(error instanceof Fault) || isMalfunction(error)) throw error;
    const { cause } = error.data;
    return typeof cause === 'string' ? `${error.message} ${cause}` : error.message;
  }
}
