/** What a caller may be told about a failure. `status` is the HTTP status (RFC 9110 §15). */
export interface FaultSpec {
  readonly status: number;
  /** `{name}` is replaced by the value of that name in the fault's data. */
  readonly message: string;
}

export type FaultData = Readonly<Record<string, unknown>>;

/** A failure the server chose to raise. Faces translate `code` into their own wire dialect; `cause` is for the log only. */
export class Fault extends Error {
  override readonly name = 'Fault';
  /** `<room>.<name>`, stable and documented. */
  readonly code: string;
  readonly status: number;
  readonly data: FaultData;

  constructor(code: string, spec: FaultSpec, data: FaultData, cause?: unknown) {
    super(
      spec.message.replace(/\{(\w+)\}/g, (_, key: string) => String(data[key])),
      { cause },
    );
    this.code = code;
    this.status = spec.status;
    this.data = data;
  }
}

/**
 * True for what an operator has to see: a defect, or a fault of the server's own (5xx). 501 is none: the server does by
 * design not do what was asked, and the caller is told why.
 */
export const isMalfunction = (error: unknown): boolean =>
  !(error instanceof Fault) || (error.status >= 500 && error.status !== 501);

/** True for a fault with this code, whichever room raised it. */
export const isFault = (error: unknown, code: string): error is Fault => error instanceof Fault && error.code === code;

/** Makes a fault of a room's table. */
export type Raise = (data?: FaultData, cause?: unknown) => Fault;

/** Declares a room's faults as one table; the code is `<room>.<name>`. */
export function defineFaults<const T extends Record<string, FaultSpec>>(
  room: string,
  specs: T,
): { readonly [K in keyof T]: Raise } {
  const raisers = Object.entries(specs).map(([name, spec]): [string, Raise] => [
    name,
    (data = {}, cause) => new Fault(`${room}.${name}`, spec, data, cause),
  ]);
  return Object.fromEntries(raisers) as { readonly [K in keyof T]: Raise };
}
