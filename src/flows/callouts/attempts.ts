import type { Outside, OutsideAnswer, OutsideFailure, OutsideRequest } from '../../connectors/index.ts';

/** Failures after which the same call may come through. */
const passing: readonly OutsideFailure[] = ['timedOut', 'unknownHost', 'unreachable'];

/** Nobody answered, and that may be over in a moment. */
export const isUnanswered = (answer: OutsideAnswer): boolean =>
  answer.kind === 'failed' && passing.includes(answer.cause);

/** Down, or as good as down: no answer, or one that says so. */
export const isDown = (answer: OutsideAnswer): boolean =>
  isUnanswered(answer) || (answer.kind === 'answered' && answer.status >= 500);

/** Sends the same request up to `most` times, as long as `again` says of what came that one more try may help. */
export async function sendUpTo(
  most: number,
  again: (answer: OutsideAnswer) => boolean,
  outside: Outside,
  request: OutsideRequest,
): Promise<{ readonly http: OutsideAnswer; readonly attempts: number }> {
  for (let attempts = 1; ; attempts += 1) {
    const http = await outside.send(request);
    if (attempts >= most || !again(http)) return { http, attempts };
  }
}
