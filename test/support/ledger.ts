/** What a test that breaks things counted. A test tells it as a diagnostic; the runner adds all of them up. */
export interface Ledger {
  /** Processes ended without warning. */
  readonly kills: number;
  /** Everything else that was broken: connections cut, disks filled, clocks moved, servers stopped. */
  readonly faults: number;
  /** Writes that a server answered as done. */
  readonly acknowledged: number;
  /** Of these, how many were not there afterwards. */
  readonly lost: number;
  /** Codes, refresh tokens and other single-use values that were taken more than once. */
  readonly doubleSpent: number;
}

export const emptyLedger: Ledger = { kills: 0, faults: 0, acknowledged: 0, lost: 0, doubleSpent: 0 };

const words = {
  kills: 'kills',
  faults: 'faults',
  acknowledged: 'acknowledged writes',
  lost: 'lost',
  doubleSpent: 'double-spent',
} as const satisfies Record<keyof Ledger, string>;

const members = Object.keys(words) as readonly (keyof Ledger)[];

/** `kills 3, faults 2, acknowledged writes 120, lost 0, double-spent 0`, for `t.diagnostic`. */
export const ledgerLine = (ledger: Ledger): string =>
  members.map((member) => `${words[member]} ${ledger[member]}`).join(', ');

const form = new RegExp(`^${members.map((member) => `${words[member]} (?<${member}>\\d+)`).join(', ')}$`);

/** Undefined when the line is no ledger's. */
export function readLedgerLine(line: string): Ledger | undefined {
  const { groups } = form.exec(line) ?? {};
  return groups && sum(emptyLedger, Object.fromEntries(members.map((member) => [member, Number(groups[member])])));
}

export const sum = (one: Ledger, other: Partial<Ledger>): Ledger => {
  if (other === emptyLedger) return one;
  const both = members.map((member) => [member, one[member] + (other[member] ?? 0)] as const);
  return { ...one, ...Object.fromEntries(both) };
};
