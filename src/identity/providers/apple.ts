import { createPrivateKey, type KeyObject } from 'node:crypto';
import { behaviour, type PrepareContext } from '../../directory/index.ts';
import { type Draft, entities } from '../../model/index.ts';
import { appleProviderId } from '../built-in.ts';
import { faults } from '../faults.ts';

type AppleDraft = Draft<typeof entities.appleManagedIdentityProvider>;

/** A tenant has one Apple provider; its key is stored as PEM, however it was sent (Graph contract a.6, c.1). */
export const appleBehaviour = behaviour({
  type: entities.appleManagedIdentityProvider,
  async prepare(
    draft: AppleDraft,
    { verb }: PrepareContext<typeof entities.appleManagedIdentityProvider>,
  ): Promise<AppleDraft> {
    const { certificateData } = draft;
    const next = certificateData ? { ...draft, certificateData: privateKeyPem(certificateData) } : draft;
    return verb === 'update' ? next : { ...next, id: appleProviderId, displayName: draft.displayName ?? 'Apple' };
  },
});

/**
 * The key of a `.p8` file as PEM. Taken are the file itself, also with its lines joined or its line ends written as `\n`, and its
 * Base64 body alone. Throws `identity.badAppleKey`.
 */
function privateKeyPem(text: string): string {
  const body = text.replace(/-----(?:BEGIN|END) PRIVATE KEY-----/g, '').replace(/\\[nr]|\s/g, '');
  const key = /^[A-Za-z0-9+/]+={0,2}$/.test(body) ? readKey(Buffer.from(body, 'base64')) : undefined;
  if (key?.asymmetricKeyDetails?.namedCurve !== 'prime256v1') throw faults.badAppleKey();
  return key.export({ format: 'pem', type: 'pkcs8' }).toString();
}

function readKey(der: Buffer): KeyObject | undefined {
  try {
    return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  } catch {
    return undefined;
  }
}
