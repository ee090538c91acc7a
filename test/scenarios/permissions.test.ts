import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { type Offer, pathText } from '../../src/graph/index.ts';
import {
  type ApplicationPermission,
  graphAppId,
  graphPermissions,
  isApplicationPermission,
} from '../../src/model/index.ts';
import { Stage } from '../support/golden/stage.ts';
import type { ListeningApi } from '../support/listening-api.ts';
import { byTurns, offers } from '../support/offers.ts';
import { bodyFor, placeFor } from '../support/permissions/place.ts';
import { signInOnRecord } from '../support/records.ts';
import { seeded, startUsher, temporaryFolder, type Usher } from '../support/usher.ts';

const permissions = Object.keys(graphPermissions) as readonly ApplicationPermission[];
/** A permission that opens nothing the server has. */
const unrelated: ApplicationPermission = 'Domain.Read.All';

const appIds = new Map(permissions.map((name) => [name, randomUUID()]));
const secret = 'a secret of the permission walk';

/** An application for each permission, which holds that one and no other. */
function seedFile(): string {
  const file = join(temporaryFolder(), 'permissions.json');
  const applications = permissions.map((name) => ({
    appId: appIds.get(name),
    displayName: `Holds ${name}`,
    requiredResourceAccess: [
      { resourceAppId: graphAppId, resourceAccess: [{ id: graphPermissions[name], type: 'Role' }] },
    ],
    passwordCredentials: [{ displayName: 'walk', secretText: secret }],
  }));
  writeFileSync(
    file,
    JSON.stringify({ tenant: { id: seeded.tenantId, displayName: 'Contoso', domains: [seeded.tenant] }, applications }),
  );
  return file;
}

async function tokenOf(usher: Usher, permission: ApplicationPermission): Promise<string> {
  const response = await fetch(`${usher.url}/${seeded.tenantId}/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: appIds.get(permission) ?? '',
      client_secret: secret,
      scope: 'https://graph.microsoft.com/.default',
    }),
  });
  const { access_token: token } = (await response.json()) as { access_token?: string };
  assert.ok(token, `a token for ${permission}: ${response.status}`);
  return token;
}

interface Sent {
  readonly status: number;
  readonly text: string;
}

async function send(usher: Usher, offer: Offer, path: string, token: string | undefined, body: unknown): Promise<Sent> {
  const response = await fetch(`${usher.url}/${offer.version}${path}`, {
    method: offer.httpMethod,
    headers: {
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      // Counting and searching the directory asks for it; elsewhere it changes nothing.
      consistencylevel: 'eventual',
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, text: await response.text() };
}

const protectedOffers = offers.filter((offer) => offer.permissions.length > 0);

test('everything offered asks for a permission, except what tells only what the public reference tells', () => {
  const open = offers.filter((offer) => offer.permissions.length === 0);
  assert.deepEqual(
    open
      .map(({ httpMethod, path }) => `${httpMethod} ${pathText(path)}`)
      .filter((line) => !/\$metadata|\$batch/.test(line)),
    [],
  );
});

describe('each operation and each permission', () => {
  let usher: Usher;
  let api: ListeningApi | undefined;
  const tokens = new Map<ApplicationPermission, string>();
  before(async () => {
    usher = await startUsher({ args: ['--seed', seedFile()] });
    api = await signInOnRecord(usher);
    for (const permission of permissions) tokens.set(permission, await tokenOf(usher, permission));
  });
  after(async () => {
    await usher.stop();
    await api?.close();
  });

  for (const offer of protectedOffers) {
    test(`${offer.version} ${offer.httpMethod} ${pathText(offer.path)}`, () => walk(usher, offer, tokens));
  }
});

async function walk(usher: Usher, offer: Offer, tokens: ReadonlyMap<ApplicationPermission, string>): Promise<void> {
  const anywhere = pathText(offer.path).replaceAll('{id}', randomUUID());
  assert.equal((await send(usher, offer, anywhere, undefined, undefined)).status, 401, 'without a token');
  const wrong = await send(usher, offer, anywhere, tokens.get(unrelated), undefined);
  assert.equal(wrong.status, 403, `with ${unrelated}: ${wrong.text}`);
  const readers = offer.type.permissions.read.filter(isApplicationPermission);
  const readOnly = readers.filter((one) => !offer.permissions.includes(one));
  for (const permission of readOnly) {
    const answer = await send(usher, offer, anywhere, tokens.get(permission), undefined);
    assert.equal(answer.status, 403, `only to read, with ${permission}: ${answer.text}`);
  }
  if (!byTurns.has(offer)) return;
  for (const permission of offer.permissions.filter(isApplicationPermission)) {
    const stage = new Stage(usher);
    try {
      const path = await placeFor(stage, offer);
      const answer = await send(usher, offer, path, tokens.get(permission), await bodyFor(stage, offer, path));
      assert.ok(answer.status < 300, `${path} with ${permission}: ${answer.status} ${answer.text}`);
      remember(stage, offer, path, answer);
    } finally {
      await stage.clear();
    }
  }
}

/** What a POST made goes away with the rest. */
function remember(stage: Stage, { does, version }: Offer, path: string, { text }: Sent): void {
  if (does !== 'create' || text === '') return;
  const { id, invitedUser } = JSON.parse(text) as { id?: string; invitedUser?: { id: string } };
  // An invitation stays; the guest it made is a user like others.
  if (invitedUser) stage.made(`/beta/users/${invitedUser.id}`);
  else if (id) stage.made(`/${version}${path}/${encodeURIComponent(id)}`);
}
