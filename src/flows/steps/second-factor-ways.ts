import { isPasskeyAccepted, passkeyWay } from './passkey-factor.ts';
import { recoveryCodeWay } from './recovery-codes-factor.ts';
import { emailWay } from './second-factor-email.ts';
import { phoneWay } from './second-factor-phone.ts';
import type { FactorWay, Scene } from './second-factor-scene.ts';
import { totpWay } from './totp-factor.ts';

/** Every kind of second factor, one line each. */
export const factorWays: readonly FactorWay[] = [passkeyWay, phoneWay, emailWay, totpWay, recoveryCodeWay];

/** What the flow takes for a second factor, besides codes for the day it is lost. */
export const isAccepted = (scene: Scene, { name }: FactorWay): boolean =>
  name === scene.settings.method || (name === 'passkey' && isPasskeyAccepted(scene));

/**
 * How this person can prove it, the best way first. Who has another kind than the flow asks for proves that one before setting up what
 * the flow asks for: else a password alone would do to set up a second factor beside the one there is.
 */
export function verifyingWays(scene: Scene): readonly FactorWay[] {
  const able = factorWays.filter((way) => way.canVerify(scene));
  const accepted = able.filter((way) => isAccepted(scene, way));
  const others = able.filter(({ name }) => name !== 'recoveryCode' && scene.own.some(({ kind }) => kind === name));
  return [...(accepted.length > 0 ? accepted : others), ...able.filter(({ name }) => name === 'recoveryCode')];
}

/** How whoever has none sets one up. */
export const enrollingWay = ({ settings: { method } }: Scene): FactorWay | undefined =>
  factorWays.find(({ name }) => name === method);
