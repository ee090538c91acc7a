/** Messages on their way at once; a gateway that takes none must not fill the memory. */
const most = 200;

/** How long one message may take, its wait for a connection included, in milliseconds. A person is waiting for the page. */
export const sendMilliseconds = 10_000;

/**
 * Runs what hands one message over, which has to stop when its signal aborts. Throws `refused('…')` in words of our own when
 * the time is up or too many messages are on their way, else what `send` throws.
 */
export function createBounds(milliseconds: number, refused: (reason: string) => Error) {
  let under = 0;
  return async (send: (signal: AbortSignal) => Promise<void>): Promise<void> => {
    if (under >= most) throw refused(`${most} others are waiting already`);
    under += 1;
    const signal = AbortSignal.timeout(milliseconds);
    try {
      await send(signal);
    } catch (error) {
      throw signal.aborted ? refused(`it took longer than ${milliseconds / 1000} seconds`) : error;
    } finally {
      under -= 1;
    }
  };
}
