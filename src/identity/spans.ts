import type { Clock } from '../kernel/index.ts';

/** Values by key, each for a span of time from when it was put in. */
export interface Spans<V> {
  get(key: string): V | undefined;
  /** Begins the span of a value. */
  open(key: string, value: V): V;
  /** Ends the spans whose time is over; `all`: every one. */
  end(all?: 'all'): void;
  clear(): void;
  readonly size: number;
}

export interface SpansOptions<V> {
  readonly clock: Clock;
  readonly seconds: number;
  /** Spans open at most; one more ends the oldest before its time. */
  readonly capacity: number;
  /** Told of each value whose span ends. True: another one begins for it, unless it ended before its time. */
  readonly ended: (value: V) => boolean;
}

/** All spans are of one length, so that they end in the order in which they began and none has to be looked for. */
export function createSpans<V>({ clock, seconds, capacity, ended }: SpansOptions<V>): Spans<V> {
  const open = new Map<string, { readonly began: number; readonly value: V }>();

  function begin(key: string, value: V): void {
    open.delete(key);
    open.set(key, { began: clock.now(), value });
  }

  // A clock that was set back ends them too: nothing may last until the old time comes again.
  const isOver = (began: number): boolean => Math.abs(clock.now() - began) >= seconds;

  function end(all?: 'all'): void {
    for (const [key, { began, value }] of open) {
      const over = isOver(began);
      if (!over && all === undefined) return;
      open.delete(key);
      if (ended(value) && over && all === undefined) begin(key, value);
    }
  }

  return {
    get(key) {
      const found = open.get(key);
      if (found && isOver(found.began)) end();
      return open.get(key)?.value;
    },
    open(key, value) {
      const [oldest] = open;
      if (oldest && open.size >= capacity && !open.has(key)) {
        open.delete(oldest[0]);
        ended(oldest[1].value);
      }
      begin(key, value);
      return value;
    },
    end,
    clear: () => open.clear(),
    get size() {
      return open.size;
    },
  };
}
