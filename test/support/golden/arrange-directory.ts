import { authorize, codeFor } from '../sign-in.ts';
import { seeded } from '../usher.ts';
import { newVisitor } from '../visitor.ts';
import { type Body, isPlaceholder } from './example.ts';
import { newerCertificate, stateOf } from './props.ts';
import { isKey, namesOf, type Scene } from './scene.ts';
import type { Stage } from './stage.ts';

export async function plain(scene: Scene, key: string | undefined, set: string): Promise<void> {
  const { stage, listed, body, rest, example } = scene;
  for (const item of listed) {
    const state = rest.length > 0 ? {} : { ...stateOf(set, item), ...soughtBy(example.url) };
    const id = await stage.make(set, state, item.id);
    if (item.authenticationConfiguration?.certificateList?.length > 1) await uploaded(stage, id);
  }
  if (!isKey(key) || key === 'delta') return;
  const own = (rest.length === 0 && example.method === 'GET') || rest[0] === 'uploadclientcertificate';
  await stage.make(set, own ? stateOf(set, body) : {}, key);
}

/** The identity that a filter asks for and the answer does not show. */
function soughtBy(url: string): Body {
  const issuerAssignedId = /issuerAssignedId eq '([^']+)'/.exec(url)?.[1];
  if (!issuerAssignedId) return {};
  return { identities: [{ signInType: 'emailAddress', issuer: 'contoso.onmicrosoft.com', issuerAssignedId }] };
}

/** A newer certificate, which leaves the first one inactive. */
const uploaded = (stage: Stage, id: string): Promise<Body> =>
  stage.call('POST', `/beta/identity/apiConnectors/${id}/uploadClientCertificate`, newerCertificate());

export async function existing({ stage }: Scene, key: string | undefined, set: string): Promise<void> {
  const { value } = await stage.call('GET', `/beta/${set}?$top=1`);
  if (isKey(key) && value[0]) stage.standsFor(key, value[0].id);
}

/** Somebody signs in to an application of the name that the page shows. The log is written behind the requests. */
export async function signIns({ stage, listed, body }: Scene, key: string | undefined): Promise<void> {
  const { appDisplayName } = listed[0] ?? body;
  await stage.change(`/beta/applications(appId='${seeded.spa}')`, { displayName: appDisplayName });
  await codeFor(newVisitor(stage.usher), authorize(stage.usher));
  const { id } = await stage.listed(`/beta/auditLogs/signIns?$filter=appDisplayName eq '${appDisplayName}'`);
  if (isKey(key)) stage.standsFor(key, id);
}

/** As a page shows it, or as it is before a page changes it. */
export async function policy({ stage, example }: Scene): Promise<void> {
  const shown = Object.entries(example.requestBody ?? example.responseBody ?? {});
  const switches = shown.filter(([, value]) => typeof value === 'boolean');
  const sent = switches.map(([name, value]) => [name, example.method === 'PATCH' ? !value : value]);
  await stage.change('/beta/policies/b2cAuthenticationMethodsPolicy', Object.fromEntries(sent));
}

export async function providers(scene: Scene, key: string | undefined): Promise<void> {
  const { stage, listed, body, example } = scene;
  for (const item of listed) if (typeof item.id === 'string') await stage.provider(item.id, item);
  if (!isKey(key) || key.toLowerCase() === 'availableprovidertypes') return;
  await stage.provider(isPlaceholder(key) ? (body.id ?? 'Amazon-OAUTH') : key, example.method === 'GET' ? body : {});
  if (isPlaceholder(key)) stage.standsFor(key, stage.real(body.id ?? 'Amazon-OAUTH'));
}

export async function attributes({ stage, listed, body }: Scene, key: string | undefined): Promise<void> {
  for (const item of listed) await stage.attribute(item.id, item);
  if (!isKey(key)) return;
  const id = isPlaceholder(key) ? (body.id ?? 'extension_guid_Hobby') : key;
  const real = await stage.attribute(id, body);
  stage.standsFor(key, real);
}

export async function applications(scene: Scene, key: string | undefined): Promise<void> {
  const { stage, rest, example } = scene;
  if (isKey(key) && /^appId=/i.test(key)) return;
  await plain(scene, key, 'applications');
  if (!isKey(key)) return;
  const home = `/beta/applications/${stage.real(key)}`;
  if (rest[0] === 'extensionproperties') await extensionProperties(scene, home);
  if (rest[0] === 'removepassword') {
    const { keyId } = await stage.call('POST', `${home}/addPassword`, {
      passwordCredential: { displayName: 'Golden' },
    });
    stage.standsFor(example.requestBody.keyId, keyId);
  }
}

async function extensionProperties({ stage, example, listed }: Scene, home: string): Promise<void> {
  const key = namesOf(example.url)[3];
  for (const { name, targetObjects } of key ? [{ name: 'golden', targetObjects: undefined }] : listed) {
    const bare = String(name).slice(String(name).lastIndexOf('_') + 1);
    const draft = { name: bare, dataType: 'String', targetObjects: targetObjects ?? ['User'] };
    const { id, name: full } = await stage.call('POST', `${home}/extensionProperties`, draft);
    if (key) stage.putAt(3, id);
    stage.standsFor(String(name), full);
  }
}

export async function servicePrincipals(scene: Scene, key: string | undefined): Promise<void> {
  const { stage, listed, example } = scene;
  const wanted = example.requestBody?.appId;
  if (wanted && !key) {
    const { id, appId } = await stage.call('POST', '/beta/applications', { displayName: 'My App' });
    stage.standsFor(wanted, appId);
    stage.made(`/beta/applications/${id}`);
    return;
  }
  const shown: readonly Body[] = listed.length > 0 ? listed : [example.responseBody ?? {}];
  for (const { displayName = 'My App', appDisplayName = displayName, signInAudience } of shown) {
    const application = await stage.call('POST', '/beta/applications', {
      displayName: appDisplayName,
      ...(signInAudience ? { signInAudience } : {}),
    });
    stage.made(`/beta/applications/${application.id}`);
    const made = await stage.call('POST', '/beta/servicePrincipals', { appId: application.appId });
    stage.made(`/beta/servicePrincipals/${made.id}`);
    if (appDisplayName !== displayName)
      await stage.call('PATCH', `/beta/servicePrincipals/${made.id}`, { displayName });
    if (isKey(key)) stage.standsFor(key, made.id);
    if (example.url.endsWith('removePassword')) await principalPassword(scene, made.id);
  }
}

async function principalPassword({ stage, example }: Scene, id: string): Promise<void> {
  const path = `/beta/servicePrincipals/${id}/addPassword`;
  const { keyId } = await stage.call('POST', path, { passwordCredential: { displayName: 'Golden' } });
  stage.standsFor(example.requestBody.keyId, keyId);
}
