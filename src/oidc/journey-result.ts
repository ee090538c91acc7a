import { type Refusal, type RefusalDetail, refusalCodes } from '../flows/index.ts';
import type { EpochSeconds, Fault } from '../kernel/index.ts';
import { type ErrorCode, refusal as fault } from './dialect/errors.ts';
import type { Foreign } from './provenance.ts';
import type { Payload } from './token-form.ts';

/** The codes by which applications know why a person came back without signing in (b2c contract b.6). */
const refusals: Readonly<Record<Refusal, ErrorCode>> = refusalCodes;

/** Why a person comes back without signing in; what is said of nothing in particular is `none`. */
export const refused = (refusal: Refusal, detail: RefusalDetail = 'none') => ({
  code: refusals[refusal],
  values: [detail].flat(),
});

/** As `refused`, to be thrown. */
export const refusalFault = (refusal: Refusal, detail?: RefusalDetail): Fault => resultFault(refused(refusal, detail));

/** What the application is told in place of an answer. */
export const resultFault = ({ code, values }: NonNullable<JourneyResult['refused']>): Fault => fault(code, ...values);

/** What a journey came to, as it waits for the browser. */
export interface JourneyResult {
  readonly login?: { readonly accountId: string; readonly ts: EpochSeconds; readonly amr: readonly string[] };
  readonly newUser?: boolean;
  readonly keepSignedIn?: boolean;
  readonly tokenClaims?: Payload;
  readonly foreign?: Foreign;
  /** Nobody signed in. */
  readonly refused?: { readonly code: ErrorCode; readonly values: readonly string[] };
}
