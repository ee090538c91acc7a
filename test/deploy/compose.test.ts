import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, globSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { assertPinned, read, settingsOf, type Variables, version } from './orders.ts';

interface Service {
  readonly image: string;
  readonly command?: readonly string[];
  readonly user?: string;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly cap_add?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly environment?: Variables;
  readonly secrets?: readonly string[];
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly tmpfs?: readonly string[];
  readonly networks?: readonly string[] | Readonly<Record<string, { readonly ipv4_address?: string }>>;
  readonly stop_grace_period?: string;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: { readonly test?: readonly string[] };
  readonly deploy?: { readonly resources: { readonly limits: Readonly<Record<string, unknown>> } };
}
interface Compose {
  readonly include?: readonly string[];
  readonly services: Readonly<Record<string, Service>>;
  readonly networks?: Readonly<Record<string, { readonly internal?: boolean } | null>>;
  readonly volumes?: Readonly<Record<string, unknown>>;
  readonly secrets?: Readonly<Record<string, { readonly file: string }>>;
}

const given: Variables = { LOGIN_HOST: 'login.example.com', MAIL_FROM: 'Login <login@example.com>' };

/** As the program of compose fills them in: `${NAME:-default}`, `${NAME:?what is missing}`. */
const substituted = (text: string): string =>
  text.replace(/\$\{(\w+):([-?])([^}]*)\}/g, (_, name: string, sign: string, rest: string) => {
    assert.ok(sign === '-' || name in given, `${name} is not described to the reader`);
    return sign === '-' ? rest : (given[name] ?? '');
  });

const open = (path: string): Compose => parse(substituted(read(path)), { merge: true }) as Compose;

const folder = 'deploy/compose';
const text = read(`${folder}/compose.yaml`);
const production = open(`${folder}/compose.yaml`);
const development = open(`${folder}/compose.dev.yaml`);
const watching = open(`${folder}/compose.observability.yaml`);
const monitoring = open('deploy/observability/compose.yaml');
const own = `usher:${version}`;
const servers = Object.entries(production.services).filter(([name]) => /^usher-\d$/.test(name));
const caddyfile = read(`${folder}/Caddyfile`);
const everything = [production, development, monitoring].flatMap(({ services }) => Object.entries(services));

test('every container has an exact image, gives up all rights, and is bounded', () => {
  assert.equal(everything.length, 9);
  for (const [name, service] of everything) {
    if (service.image === own) assert.equal(service.user, '65532:65532', name);
    else assertPinned(service.image);
    assert.deepEqual(service.cap_drop, ['ALL'], name);
    assert.ok(service.security_opt?.includes('no-new-privileges:true'), name);
    assert.deepEqual(Object.keys(service.deploy?.resources.limits ?? {}).sort(), ['cpus', 'memory', 'pids'], name);
    assert.ok(service.read_only || name === 'grafana', `${name} is read-only`);
    if (service.image === own) assert.match(service.tmpfs?.[0] ?? '', /^\/tmp:/, name);
  }
  const added = everything.filter(([, { cap_add: rights = [] }]) => rights.length > 0);
  assert.deepEqual(
    added.map(([name, { cap_add: rights }]) => [name, rights]),
    [['balancer', ['NET_BIND_SERVICE']]],
  );
});

test('commands and variables of ours exist, and the servers start with them', () => {
  for (const [name, service] of Object.entries(production.services)) {
    if (service.image !== own) continue;
    const config = settingsOf(service.command ?? ['serve'], { USHER_HOST: '0.0.0.0', ...service.environment });
    if (!service.command) assert.deepEqual([config.port, config.managementHost], [8443, '0.0.0.0'], name);
  }
  const { usher } = development.services;
  assert.ok(usher);
  const emulator = settingsOf(usher.command ?? [], {
    USHER_HOST: '0.0.0.0',
    USHER_DATA: '/data',
    ...usher.environment,
  });
  assert.equal(emulator.host, '127.0.0.1', 'development mode listens nowhere else');
  const probe = settingsOf(['healthcheck'], { ...usher.environment });
  assert.equal(probe.managementPort, emulator.managementPort);
  for (const [, { environment }] of Object.entries(watching.services))
    for (const name of Object.keys(environment ?? {})) assert.match(name, /^OTEL_[A-Z_]+$/);
});

test('two servers wait for the tables, drain before they end, and publish nothing themselves', () => {
  assert.equal(servers.length, 2);
  for (const [name, server] of servers) {
    assert.equal(server.depends_on?.['migrate']?.condition, 'service_completed_successfully', name);
    const { drainDelay } = settingsOf(['serve'], server.environment ?? {});
    assert.ok(Number.parseInt(server.stop_grace_period ?? '', 10) >= drainDelay + 40, `${name} has the time to end`);
    assert.ok(drainDelay > 1, 'the balancer asks once a second');
  }
  const publishing = Object.entries(production.services).filter(([, { ports = [] }]) => ports.length > 0);
  assert.deepEqual(
    publishing.map(([name]) => name),
    ['balancer'],
  );
  for (const port of monitoring.services['grafana']?.ports ?? []) assert.match(port, /^127\.0\.0\.1:/);
  assert.equal(production.networks?.['data']?.internal, true);
  assert.deepEqual(production.services['postgres']?.networks, ['data']);
});

test('the balancer leads to every server, asks each for its health, and is the proxy that they trust', () => {
  const [, upstreams = ''] = /reverse_proxy (.*) \{/.exec(caddyfile) ?? [];
  assert.deepEqual(
    upstreams.split(' '),
    servers.map(([name]) => `${name}:8443`),
  );
  assert.match(caddyfile, /^\t\thealth_uri \/readyz$/m);
  assert.match(caddyfile, /^\t\thealth_port 8444$/m);
  const { networks } = production.services['balancer'] ?? {};
  const address = networks && 'edge' in networks ? networks['edge']?.ipv4_address : undefined;
  for (const [, server] of servers) assert.equal(server.environment?.['USHER_TRUSTED_PROXY'], address);
  assert.match(caddyfile, /keepalive 8s/, 'shorter than the ten seconds after which a server ends an idle connection');
});

test('secrets come from files that git does not take, every one is described, and none has a default', () => {
  const declared = Object.keys(production.secrets ?? {}).sort();
  const made = [...text.matchAll(/> secrets\/([a-z-]+)/g)].map(([, name]) => name).sort();
  assert.deepEqual(made, declared, 'the reader is told how to make each');
  for (const { file } of Object.values(production.secrets ?? {})) assert.match(file, /^\.\/secrets\//);
  assert.equal(
    spawnSync('git', ['check-ignore', '-q', `${folder}/secrets/encryption-key`], {
      cwd: fileURLToPath(new URL('../../', import.meta.url)),
    }).status,
    0,
  );
  for (const [name, { secrets = [], environment = {} }] of everything) {
    for (const secret of secrets) assert.ok(declared.includes(secret), secret);
    for (const [variable, value] of Object.entries(environment)) {
      const [, file] = /^\/run\/secrets\/(.*)$/.exec(value) ?? [];
      if (/_FILE$/.test(variable)) assert.ok(secrets.includes(file ?? ''), `${name} is given what ${variable} names`);
      else assert.doesNotMatch(variable, /PASSWORD$|SECRET|_KEY$|DATABASE$|SMTP_URL$/, `${name}: ${variable}`);
    }
  }
  assert.doesNotMatch(text, /\$\{\w*(?:PASSWORD|KEY|SECRET)\w*:-/);
});

test('health is asked for by a program of the image itself', () => {
  for (const [name, { healthcheck, image }] of [
    ...Object.entries(production.services),
    ...Object.entries(development.services),
  ]) {
    if (name === 'migrate') continue;
    const [kind, ...words] = healthcheck?.test ?? [];
    assert.equal(kind, 'CMD', `${name} needs no shell`);
    assert.doesNotMatch(words.join(' '), /curl|wget/);
    if (image === own) assert.deepEqual(words, ['usher', 'healthcheck']);
  }
});

test('every file and volume that is mounted is there, and every file of the folder is of use', () => {
  const places = [
    [folder, production],
    [folder, development],
    ['deploy/observability', monitoring],
  ] as const;
  for (const [base, { services, volumes = {} }] of places) {
    for (const mount of Object.values(services).flatMap((service) => service.volumes ?? [])) {
      const [source = '', target = '', mode] = mount.split(':');
      if (!source.startsWith('./')) assert.ok(source in volumes, mount);
      else {
        assert.ok(existsSync(new URL(`../../${join(base, source)}`, import.meta.url)), mount);
        assert.equal(mode, 'ro', mount);
      }
      assert.match(target, /^\//);
    }
  }
  for (const [path] of watching.include?.map((one) => [join(folder, one)]) ?? [])
    assert.equal(dirname(path ?? ''), 'deploy/observability');
  const known = ['compose.yaml', 'compose.dev.yaml', 'compose.observability.yaml', 'Caddyfile', 'make-database.sh'];
  assert.deepEqual(
    globSync('*', { cwd: new URL(`../../${folder}`, import.meta.url) })
      .filter((one) => one !== 'secrets')
      .sort(),
    known.sort(),
  );
});
