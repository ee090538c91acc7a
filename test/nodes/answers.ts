/** One request of this process, and what came of it. */
export interface Answer {
  readonly method: string;
  readonly path: string;
  /** When it was sent, in milliseconds of `performance.now()`. */
  readonly sent: number;
  readonly answered: number;
  /** Undefined when the connection ended before. */
  readonly status: number | undefined;
  /** Whether it says when to come again. */
  readonly isRetryable: boolean;
  readonly body: string;
}

/** Notes what is answered from here on, until it is told to stop; gives what it has noted. */
export function noteAnswers(): () => readonly Answer[] {
  const noted: Answer[] = [];
  const plain = globalThis.fetch;
  const noting: typeof fetch = async (input, init) => {
    const { pathname: path } = new URL(input instanceof Request ? input.url : input);
    const sent = performance.now();
    const note = async (response?: Response) => {
      // The body is also its receiver's.
      const body = response && response.status >= 400 ? await response.clone().text() : '';
      const isRetryable = response?.status === 503 && response.headers.has('retry-after');
      const answered = performance.now();
      noted.push({ method: init?.method ?? 'GET', path, sent, answered, status: response?.status, isRetryable, body });
    };
    try {
      const response = await plain(input, init);
      await note(response);
      return response;
    } catch (error) {
      await note();
      throw error;
    }
  };
  globalThis.fetch = noting;
  return () => {
    globalThis.fetch = plain;
    return noted;
  };
}

const told = ({ method, path, status, body }: Answer): string => `${method} ${path}: ${status ?? 'no answer'} ${body}`;

/** Answers that are neither good nor 503 with a time to come again (docs/production.md); token endpoints call that `temporarily_unavailable`. */
export const wrongOf = (answers: readonly Answer[]): readonly string[] =>
  answers
    .filter(({ status = 600, isRetryable, path, body }) => {
      if (status < 400) return false;
      return !isRetryable || (path.endsWith('/token') && !body.includes('"temporarily_unavailable"'));
    })
    .map(told);
