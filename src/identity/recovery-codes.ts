import { createHmac, randomInt } from 'node:crypto';

/** No letter or digit that is taken for another. */
const alphabet = 'abcdefghjkmnpqrstuvwxyz23456789';
const [count, groups, groupLength] = [10, 2, 5] as const;

/** Ten codes of 49 bits each, as they are shown: `k7m2p-9xw4d`. */
export const newRecoveryCodes = (): readonly string[] => {
  const codes = new Set<string>();
  while (codes.size < count) codes.add(newCode());
  return [...codes];
};

const newCode = (): string =>
  Array.from({ length: groups }, () =>
    Array.from({ length: groupLength }, () => alphabet[randomInt(alphabet.length)]).join(''),
  ).join('-');

/** People copy them by hand: case, spaces and hyphens do not count. `key` is the list's own. */
export const recoveryDigest = (key: string, code: string): string =>
  createHmac('sha256', key)
    .update(code.toLowerCase().replace(/[^a-z0-9]/g, ''))
    .digest('base64url');
