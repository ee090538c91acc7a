import type { OutsideOptions } from '../connectors/index.ts';
import { type Config, readAllowance } from '../kernel/index.ts';
import { outsideAuthorities } from './outside-authorities.ts';

/**
 * What the operator allows and trusts when servers outside are called. `own`: the certificate of the development authority, PEM. Throws
 * `cli.unusableAuthorities`.
 */
export const outsideOptions = (
  { outsideAllow, outsideCa }: Config,
  own: readonly string[],
): Omit<OutsideOptions, 'allowLoopback'> => ({
  allowances: outsideAllow.flatMap((item) => readAllowance(item) ?? []),
  authorities: [...own, ...outsideAuthorities(outsideCa)],
});
