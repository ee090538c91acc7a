import { createChangeCache, type Directory } from '../directory/index.ts';
import { type EntityOf, entities } from '../model/index.ts';
import { b2cLockout, type LockoutRules } from './lockout.ts';
import type { PasswordRules } from './password-rules.ts';

type Stored = EntityOf<typeof entities.organization>['settings'];

/** What a tenant has chosen for itself (`usher.tenantSettings`), where the server leaves it the choice. */
export interface TenantSettings extends Omit<Stored, 'passwordRules' | 'lockout'> {
  /** What the tenant is called. */
  readonly displayName: string;
  readonly passwordRules: PasswordRules;
  readonly lockout: LockoutRules;
}

const presets = { nist: 'nist-63b-4', b2cStrong: 'b2c-strong', b2cWeak: 'b2c-weak' } as const;

/** The rules for new passwords that the settings of an organization name, or else the server's. */
export const passwordRulesIn = (settings: unknown, fallback: PasswordRules): PasswordRules => {
  const { passwordRules } = (settings ?? {}) as Partial<Stored>;
  return passwordRules ? presets[passwordRules] : fallback;
};

/** Reads the settings once, and again when they have changed. `fallback`: the server's rules for new passwords. */
export function createTenantSettings(directory: Directory, fallback: PasswordRules): () => Promise<TenantSettings> {
  const { id } = directory.tenant;
  const type = entities.organization;
  const settings = createChangeCache<TenantSettings>(directory, {
    types: [type],
    capacity: 1,
    async load() {
      const found = await directory.get({ type, id });
      const name = found?.entity.displayName ?? directory.tenant.displayName;
      return found && { displayName: name, ...effective(found.entity.settings, fallback) };
    },
  });
  return async () => {
    const known = await settings.get(id);
    if (known) return known;
    throw new TypeError('the directory of a tenant knows no organization');
  };
}

function effective(
  { lockout: { threshold, durationSeconds }, ...stored }: Stored,
  fallback: PasswordRules,
): Omit<TenantSettings, 'displayName'> {
  const maximumSeconds = Math.max(b2cLockout.maximumSeconds, durationSeconds);
  return {
    ...stored,
    passwordRules: passwordRulesIn(stored, fallback),
    lockout: { threshold, minimumSeconds: durationSeconds, maximumSeconds },
  };
}
