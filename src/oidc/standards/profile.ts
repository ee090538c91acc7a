import type { Application } from '../clients.ts';
import { standardFaults } from '../dialect/standard-errors.ts';

/** Whether an application is held to the FAPI 2.0 Security Profile. */
export const isFapi = ({ settings }: Application): boolean => settings.securityProfile === 'fapi2';

/** Seconds that a code of such an application is good for (FAPI 2.0 §5.3.2.1). */
export const fapiCodeSeconds = 60;

/**
 * Such an application proves itself by a signed assertion wherever it asks, also where others need no proof (FAPI 2.0 §5.3.2.1).
 * Throws `oidc.assertionRequired`.
 */
export function assertProofKind(
  app: Application,
  { proved, secret }: { proved: boolean; secret: string | undefined },
): void {
  if (isFapi(app) && (!proved || secret !== undefined)) throw standardFaults.assertionRequired();
}

/** Tokens come from the token endpoint alone (FAPI 2.0 §5.3.2.2). Throws `oidc.unbindable`. */
export function assertCodeOnly(app: Application, types: readonly string[]): void {
  if (isFapi(app) && types.join() !== 'code') throw standardFaults.unbindable();
}
