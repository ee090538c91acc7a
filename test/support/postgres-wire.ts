import { startWire, type Tap, type Wire } from './wire.ts';

/** What went to the database and was waited for before anything else was asked on that connection; the texts of its statements. */
export type Trip = readonly string[];

/** A way to a PostgreSQL server that tells what was asked on it. */
export interface PostgresWire {
  readonly wire: Wire;
  /** The URL of a database, over this way. */
  over(url: string): string;
  /** Trips since the last time this was asked. */
  trips(): readonly Trip[];
}

/** Splits a stream of messages, each a letter and a length (PostgreSQL manual, "Message Formats"). `isBare`: the first has no letter. */
function messages(isBare: boolean, hear: (kind: string, body: Buffer) => void): (chunk: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0);
  let letter = isBare ? 0 : 1;
  return (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= letter + 4) {
      const end = letter + rest.readUInt32BE(letter);
      if (rest.length < end) return;
      hear(letter === 0 ? '' : rest.toString('latin1', 0, 1), rest.subarray(letter + 4, end));
      rest = rest.subarray(end);
      letter = 1;
    }
  };
}

/** Texts that end with a zero byte, one after the other. */
const texts = (body: Buffer): readonly string[] => body.toString('utf8').split('\0');

/** Reads one connection; tells each trip when its answer has come. */
function tapOf(told: (trip: Trip) => void): Tap {
  const prepared = new Map<string, string>();
  let trip: string[] = [];
  let awaited = 0;
  const ask = (kind: string, body: Buffer): void => {
    const [first = '', second = ''] = texts(body);
    if (kind === 'P') prepared.set(first, second);
    if (kind === 'B') trip.push(prepared.get(second) ?? '');
    if (kind === 'Q') trip.push(first);
    // Sync and a simple query are answered with "ready".
    if (kind === 'Q' || kind === 'S') awaited += 1;
  };
  const answer = (kind: string): void => {
    if (kind !== 'Z' || awaited === 0) return;
    awaited -= 1;
    if (awaited > 0) return;
    told(trip);
    trip = [];
  };
  return { sent: messages(true, ask), answered: messages(false, answer) };
}

/** A way to the server of the URL, which is not encrypted. */
export async function startPostgresWire(server: string): Promise<PostgresWire> {
  let trips: Trip[] = [];
  const wire = await startWire(Number(new URL(server).port), () => tapOf((trip) => trips.push(trip)));
  return {
    wire,
    over(url) {
      const changed = new URL(url);
      changed.port = String(wire.port);
      return changed.href;
    },
    trips() {
      const told = trips;
      trips = [];
      return told;
    },
  };
}
