import type { Directory } from '../../directory/index.ts';
import type { Observe } from '../../kernel/index.ts';
import type { Draft, EntityType } from '../../model/index.ts';

type Target = Pick<Directory, 'append'>;

/** Entries of a log that wait to be written with others, off the hot path. */
export interface EntryQueue<E extends EntityType> {
  /** Never waits and never fails. */
  add(target: Target, entry: Draft<E>): void;
  /** Writes what is waiting. */
  flush(): Promise<void>;
  /** Forgets what is waiting, because its tenants are gone. */
  clear(): void;
}

/** Entries waiting at most; what is over is not kept. */
const capacity = 5000;
/** Entries in one transaction. */
const batch = 50;

/** `what`: the entries in words, for warnings. When the process is killed, what was added less than `flushMilliseconds` ago is lost. */
export function createEntryQueue<E extends EntityType>(
  type: E,
  what: string,
  { observe, flushMilliseconds = 1000 }: { readonly observe: Observe; readonly flushMilliseconds?: number },
): EntryQueue<E> {
  let waiting: (readonly [target: Target, entry: Draft<E>])[] = [];
  let dropped = 0;
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> = Promise.resolve();

  async function write(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    const taken = waiting;
    waiting = [];
    if (dropped > 0) observe({ kind: 'warning', message: `${dropped} ${what} were not recorded: too many at once.` });
    dropped = 0;
    for (const [target, entries] of Map.groupBy(taken, ([target]) => target)) {
      for (let at = 0; at < entries.length; at += batch) {
        const some = entries.slice(at, at + batch).map(([, entry]) => entry);
        await target.append(type, some).catch((error: unknown) => {
          observe({ kind: 'warning', message: `${some.length} ${what} were not recorded.`, error });
        });
      }
    }
  }

  /** One after the other, so that entries stay in their order. */
  function flush(): Promise<void> {
    writing = writing.then(write);
    return writing;
  }

  return {
    add(target, entry) {
      if (waiting.length >= capacity) dropped += 1;
      else waiting.push([target, entry]);
      timer ??= setTimeout(() => void flush(), flushMilliseconds).unref();
    },
    flush,
    clear() {
      waiting = [];
    },
  };
}
