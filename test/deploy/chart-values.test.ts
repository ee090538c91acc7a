import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import { optionNames, optionOf, variableOf } from '../../src/kernel/index.ts';
import { read, version } from './orders.ts';

interface Schema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
  readonly propertyNames?: { readonly enum?: readonly string[] };
}
const chart = 'deploy/helm/usher';
const schema = JSON.parse(read(`${chart}/values.schema.json`)) as Schema;
const validate = new Ajv({ strict: true, strictTypes: false, strictRequired: false, allErrors: true }).compile(schema);
const values = parse(read(`${chart}/values.yaml`)) as Values;
const templates = globSync(`${chart}/templates/**/*`, {
  cwd: fileURLToPath(new URL('../../', import.meta.url)),
  withFileTypes: true,
})
  .filter((file) => file.isFile())
  .map((file) => read(`${file.parentPath}/${file.name}`.replace(/^.*deploy\/helm/, 'deploy/helm')))
  .join('\n');

interface Values {
  readonly [name: string]: unknown;
}
const isGroup = (value: unknown): value is Values =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** As Helm lays the values of a person over those of the chart. */
function over(base: Values, top: Values): Values {
  const merged = Object.entries(top).map(([name, value]) => {
    const below = base[name];
    return [name, isGroup(value) && isGroup(below) ? over(below, value) : value];
  });
  return { ...base, ...Object.fromEntries(merged) };
}

const least = {
  publicUrls: ['https://login.example.com'],
  existingSecret: { name: 'usher' },
  trustedProxies: ['10.0.0.0/8'],
};
const flawsOf = (top: Values): readonly string[] =>
  validate(over(over(values, least), top)) ? [] : (validate.errors ?? []).map(({ instancePath }) => instancePath);

/** The paths of all values that are no group of named ones; a map that the schema leaves open is one value. */
function leaves(group: Values, open: Schema, path = ''): readonly string[] {
  return Object.entries(group).flatMap(([name, value]) => {
    const inner = open.properties?.[name];
    assert.ok(inner, `${path}${name} is in the schema`);
    return isGroup(value) && inner.properties ? leaves(value, inner, `${path}${name}.`) : [`${path}${name}`];
  });
}

test('the defaults fit but for what nobody can know: addresses, the secret, and whose proxies are believed', () => {
  assert.equal(validate(values), false);
  const wanting = new Set((validate.errors ?? []).map(({ instancePath }) => instancePath));
  assert.deepEqual([...wanting].sort(), ['', '/existingSecret/name', '/publicUrls', '/trustedProxies']);
  assert.deepEqual(flawsOf({}), []);
});

test('the values that the chart is rendered with fit', () => {
  for (const file of globSync('test/deploy/values/*.yaml', { cwd: new URL('../../', import.meta.url) }))
    assert.deepEqual(flawsOf(parse(read(file)) as Values), [], file);
});

test('values, schema and templates name the same things', () => {
  const named = leaves(values, schema);
  const declared = (group: Schema, path: string): readonly string[] =>
    Object.entries(group.properties ?? {}).flatMap(([name, inner]) =>
      inner.properties ? declared(inner, `${path}${name}.`) : [`${path}${name}`],
    );
  const amounts = /\.(requests|limits)\./;
  const inSchema = declared(schema, '').filter((path) => path !== 'global' && !amounts.test(path));
  assert.deepEqual(named.filter((path) => !amounts.test(path)).sort(), [...inSchema].sort());
  const used = new Set([...templates.matchAll(/\.Values\.([\w.]+)/g)].map(([, path = '']) => path));
  for (const path of named)
    assert.ok(
      [...used].some((one) => path === one || (/resources$/.test(one) && path.startsWith(`${one}.`))),
      `${path} is used`,
    );
  for (const path of used)
    assert.ok(
      named.some((one) => one === path || one.startsWith(`${path}.`)),
      `.Values.${path} is in values.yaml`,
    );
});

test('wherever names are fixed, another one is refused: what is misspelt is no wish silently not granted', () => {
  const strict = (group: Schema, path: string): void => {
    if (!group.properties) return;
    assert.equal(group.additionalProperties, false, path);
    for (const [name, inner] of Object.entries(group.properties)) strict(inner, `${path}/${name}`);
  };
  strict(schema, '');
  assert.deepEqual(flawsOf({ replicaCount: 3 }), ['']);
  assert.deepEqual(flawsOf({ existingSecret: { keys: { database: 'x' } } }), ['/existingSecret/keys']);
});

test('every setting of the server that is no secret and that the chart does not make itself can be given, and no other', () => {
  const made = new Set([...templates.matchAll(/\bUSHER_[A-Z_]+/g)].map(([name]) => name));
  // `usher serve` refuses the one, and with the other there is nothing to keep.
  const unsafe = ['USHER_PROVIDER_ORIGIN', 'USHER_MEMORY'];
  const free = optionNames
    .filter((name) => optionOf(name).commands.includes('serve') && !optionOf(name).secret)
    .map(variableOf)
    .filter((name) => !made.has(name) && !unsafe.includes(name));
  assert.deepEqual([...(schema.properties?.['settings']?.propertyNames?.enum ?? [])].sort(), free.sort());
  for (const name of optionNames.filter((one) => optionOf(one).commands.includes('serve') && optionOf(one).secret))
    assert.ok(made.has(`${variableOf(name)}_FILE`), `${name} can come from the Secret`);
});

/** Values that are wrong, each with the place that is told. */
const wrong: readonly (readonly [Values, string])[] = [
  [{ publicUrls: [] }, '/publicUrls'],
  [{ publicUrls: 'https://login.example.com' }, '/publicUrls'],
  [{ publicUrls: ['http://login.example.com'] }, '/publicUrls/0'],
  [{ publicUrls: ['https://login.example.com/'] }, '/publicUrls/0'],
  [{ publicUrls: ['https://login.example.com/path'] }, '/publicUrls/0'],
  [{ publicUrls: ['login.example.com'] }, '/publicUrls/0'],
  [{ publicUrls: ['https://a.example', 'https://a.example'] }, '/publicUrls'],
  [{ existingSecret: { name: '' } }, '/existingSecret/name'],
  [{ existingSecret: { name: 'Usher_Secret' } }, '/existingSecret/name'],
  [{ existingSecret: { keys: { encryptionKey: '' } } }, '/existingSecret/keys/encryptionKey'],
  [{ existingSecret: { keys: { databaseUrl: '../../etc/passwd' } } }, '/existingSecret/keys/databaseUrl'],
  [{ existingSecret: { keys: { databaseUrl: 'postgres://u:p@h/d' } } }, '/existingSecret/keys/databaseUrl'],
  [{ existingSecret: { files: ['a/b'] } }, '/existingSecret/files/0'],
  [{ behindProxy: 'yes' }, '/behindProxy'],
  [{ trustedProxies: [] }, '/trustedProxies'],
  [{ trustedProxies: ['ingress-nginx'] }, '/trustedProxies/0'],
  [{ proxyHops: 0 }, '/proxyHops'],
  [{ proxyHops: '1' }, '/proxyHops'],
  [{ behindProxy: false }, '/tls/secretName'],
  [{ behindProxy: false, tls: { secretName: 't' }, ingress: { enabled: true } }, '/ingress/enabled'],
  [{ settings: { USHER_LIMIT: 'strict' } }, '/settings'],
  [{ settings: { USHER_DATABASE: 'postgres://u:p@h/d' } }, '/settings'],
  [{ settings: { USHER_ENCRYPTION_KEY: 'ab'.repeat(32) } }, '/settings'],
  [{ settings: { USHER_PROVIDER_ORIGIN: 'Google=http://x' } }, '/settings'],
  [{ settings: { USHER_WORKERS: 2 } }, '/settings/USHER_WORKERS'],
  [{ telemetry: { HTTP_PROXY: 'http://x' } }, '/telemetry'],
  [{ image: { tag: 'latest' } }, '/image/tag'],
  [{ image: { tag: 'a tag' } }, '/image/tag'],
  [{ image: { digest: 'sha256:abc' } }, '/image/digest'],
  [{ image: { repository: '' } }, '/image/repository'],
  [{ image: { pullPolicy: 'Sometimes' } }, '/image/pullPolicy'],
  [{ imagePullSecrets: ['pull'] }, '/imagePullSecrets/0'],
  [{ fullnameOverride: 'Has Spaces' }, '/fullnameOverride'],
  [{ fullnameOverride: 'a'.repeat(51) }, '/fullnameOverride'],
  [{ replicas: -1 }, '/replicas'],
  [{ replicas: 1.5 }, '/replicas'],
  [{ drainDelaySeconds: 301 }, '/drainDelaySeconds'],
  [{ resources: { limits: { memory: 'a lot' } } }, '/resources/limits/memory'],
  [{ resources: { request: { cpu: 1 } } }, '/resources'],
  [{ autoscaling: { targetCPUUtilizationPercentage: 0 } }, '/autoscaling/targetCPUUtilizationPercentage'],
  [{ podDisruptionBudget: { maxUnavailable: '101%' } }, '/podDisruptionBudget/maxUnavailable'],
  [{ migration: { activeDeadlineSeconds: 1 } }, '/migration/activeDeadlineSeconds'],
  [{ service: { type: 'ExternalName' } }, '/service/type'],
  [{ service: { port: 70_000 } }, '/service/port'],
  [{ service: { annotations: { a: 1 } } }, '/service/annotations/a'],
  [{ networkPolicy: { from: ['10.0.0.0/8'] } }, '/networkPolicy/from/0'],
  [{ serviceMonitor: { interval: '15' } }, '/serviceMonitor/interval'],
  [{ serviceAccount: { name: 'no_such' } }, '/serviceAccount/name'],
  [{ podLabels: ['a'] }, '/podLabels'],
];

test(`${wrong.length} wrong values are each refused, at their place`, () => {
  for (const [top, place] of wrong) assert.ok(flawsOf(top).includes(place), `${JSON.stringify(top)}: ${flawsOf(top)}`);
});

test('the chart is of the version of the package, and takes the image of that version', () => {
  const { appVersion, apiVersion, type } = parse(read(`${chart}/Chart.yaml`)) as Values;
  assert.deepEqual([appVersion, apiVersion, type], [version, 'v2', 'application']);
});
