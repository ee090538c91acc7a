/** Codes of what can go wrong with a call (b2c contract f.4, "Error codes"). */
const failureCodes = {
  unexpected: 1003001,
  badStatus: 1003002,
  badBody: 1003003,
  throttled: 1003004,
  timedOut: 1003005,
  badContentType: 1003006,
  noClaims: 1003007,
  badSchema: 1003008,
  empty: 1003009,
  badActionCount: 1003010,
  notFound: 1003011,
  badActionType: 1003012,
  badResourceId: 1003014,
  otherDomain: 1003015,
  noApplication: 1003016,
  applicationDisabled: 1003019,
  badTargetUrl: 1003020,
  notPermitted: 1003021,
  blocked: 1003023,
  tooLong: 1003024,
  claimsTooLong: 1003025,
  emptyClaimName: 1003026,
  unreachable: 1003027,
} as const;

export type FailureName = keyof typeof failureCodes;

/** A call that nobody can go on with. `sentence`: for whoever writes the API, without a value of the answer in it. */
export interface CallFailure {
  readonly kind: 'failed';
  readonly code: number;
  readonly sentence: string;
}

export const failed = (name: FailureName, sentence: string): CallFailure => ({
  kind: 'failed',
  code: failureCodes[name],
  sentence,
});
