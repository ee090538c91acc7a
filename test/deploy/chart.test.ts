import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { originOf, render, renderedFile, valueFiles } from '../../scripts/chart.ts';
import { healthPages } from '../../src/operations/index.ts';
import { environmentOf, type Manifest, manifestsIn, matches, type Pod, podOf } from './manifests.ts';
import { assertPinned, read, settingsOf, type Variables } from './orders.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const hasHelm = spawnSync('helm', ['version', '--short']).status === 0;

/** How long a server may take besides its delay (docs/production.md), in seconds. */
const drain = 40;

test('what was rendered is of the chart as it stands: else render it anew by scripts/chart.ts, with Helm', () => {
  assert.deepEqual(valueFiles.map(renderedFile), globSync('test/golden/chart/*.yaml', { cwd: root }).sort());
  for (const values of valueFiles) assert.ok(read(renderedFile(values)).startsWith(originOf(values)), values);
});

test('Helm finds nothing wrong, and renders the same', { skip: hasHelm ? false : 'there is no Helm here' }, () => {
  for (const values of valueFiles) {
    const lint = spawnSync('helm', ['lint', '--strict', '--quiet', 'deploy/helm/usher', '--values', values], {
      cwd: root,
      encoding: 'utf8',
    });
    assert.equal(lint.status, 0, `${lint.stdout}${lint.stderr}`);
    assert.equal(`${originOf(values)}${render(values)}`, read(renderedFile(values)));
  }
  const bare = spawnSync('helm', ['template', 'login', 'deploy/helm/usher'], { cwd: root, encoding: 'utf8' });
  assert.notEqual(bare.status, 0, 'without addresses and a secret nothing is rendered');
  assert.match(bare.stderr, /publicUrls/);
});

interface Selecting {
  readonly selector?: Variables & { readonly matchLabels?: Variables };
  readonly podSelector?: { readonly matchLabels: Variables };
  readonly ports?: readonly { readonly targetPort: string }[];
  readonly replicas?: number;
  readonly rules?: readonly {
    readonly host: string;
    readonly http: {
      readonly paths: readonly {
        readonly backend: { readonly service: { readonly name: string; readonly port: { readonly name: string } } };
      }[];
    };
  }[];
  readonly scaleTargetRef?: { readonly name: string };
  readonly endpoints?: readonly { readonly port: string; readonly path: string }[];
  readonly strategy?: { readonly rollingUpdate: Variables };
}
const specOf = ({ spec }: Manifest | { spec: undefined } = { spec: undefined }): Selecting =>
  (spec ?? {}) as unknown as Selecting;

for (const values of valueFiles) {
  describe(`rendered with ${values.replace(/^.*\//, '')}`, () => {
    const manifests = manifestsIn(renderedFile(values));
    const of = (kind: string): readonly Manifest[] => manifests.filter((one) => one.kind === kind);
    const given = parse(read(values)) as {
      readonly publicUrls: readonly string[];
      readonly existingSecret: { readonly name: string };
    };
    const pods = manifests.flatMap((one) => podOf(one) ?? []);
    const containers = pods.flatMap(({ spec }) => spec.containers.map((one) => ({ one, spec })));
    const [deployment] = of('Deployment');
    const server = deployment && podOf(deployment);
    assert.ok(deployment && server);
    const [container] = server.spec.containers;
    assert.ok(container);
    const environment = environmentOf(container, manifests);

    test('every pod is without rights, a token, or anything to write to but /tmp', () => {
      assert.ok(pods.length >= 2);
      for (const { spec } of pods) {
        assert.equal(spec.automountServiceAccountToken, false);
        const { runAsNonRoot, runAsUser, seccompProfile } = spec.securityContext;
        assert.deepEqual([runAsNonRoot, runAsUser, seccompProfile], [true, 65532, { type: 'RuntimeDefault' }]);
      }
      for (const { secret, emptyDir } of pods.flatMap(({ spec }) => spec.volumes)) {
        assert.ok(emptyDir?.sizeLimit || secret, 'what is written is bounded');
        assert.equal(secret?.defaultMode ?? 0o440, 0o440);
      }
      for (const { one, spec } of containers) {
        const {
          allowPrivilegeEscalation: escalates,
          readOnlyRootFilesystem: readOnly,
          capabilities,
        } = one.securityContext;
        assert.deepEqual([escalates, readOnly, capabilities], [false, true, { drop: ['ALL'] }]);
        assert.ok(one.resources.limits['memory'] && one.resources.requests['cpu'], one.name);
        assertPinned(one.image);
        const writable = one.volumeMounts.filter(({ readOnly: closed }) => !closed);
        assert.deepEqual(
          writable.map(({ mountPath }) => mountPath),
          ['/tmp'],
        );
        for (const { name } of one.volumeMounts)
          assert.ok(
            spec.volumes.some((volume) => volume.name === name),
            name,
          );
      }
    });

    test('commands and settings exist, and the server starts with them', () => {
      for (const { one } of containers)
        settingsOf(one.args, { USHER_HOST: '0.0.0.0', USHER_DATA: '/data', ...environmentOf(one, manifests) });
      const config = settingsOf(container.args, environment);
      assert.deepEqual(config.publicUrl, given.publicUrls);
      const ports = Object.fromEntries((container.ports ?? []).map(({ name, containerPort }) => [name, containerPort]));
      assert.deepEqual(ports, { public: config.port, management: config.managementPort });
      assert.equal(config.managementHost, '0.0.0.0', 'the node asks for health');
    });

    test('every file that a setting names is mounted, from the Secret that was given, and none is made', () => {
      assert.deepEqual(of('Secret'), []);
      const named = containers.flatMap(({ one, spec }) =>
        Object.values(environmentOf(one, manifests))
          .filter((value) => value.startsWith('/run/secrets/'))
          .map((file) => ({ file, one, spec })),
      );
      assert.ok(named.length >= 2);
      for (const { file, one, spec } of named) {
        const mount = one.volumeMounts.find(({ mountPath }) => file.startsWith(`${mountPath}/`));
        const secret = spec.volumes.find(({ name }) => name === mount?.name)?.secret;
        assert.ok(mount && secret, file);
        const name = file.slice(mount.mountPath.length + 1);
        // Kubernetes itself names the keys of a certificate.
        const keys = secret.items?.map(({ key, path }) => (key === path ? key : '')) ?? ['tls.crt', 'tls.key'];
        assert.ok(keys.includes(name), file);
      }
      const chosen = pods.flatMap(({ spec }) => spec.volumes).flatMap(({ secret }) => (secret?.items ? [secret] : []));
      for (const { secretName } of chosen) assert.equal(secretName, given.existingSecret.name);
    });

    test('probes ask for health that is told, a pod has the time to drain, and is never replaced before another answers', () => {
      const paths = healthPages.map(({ path }) => path);
      for (const [probe, path] of [
        ['startup', '/livez'],
        ['liveness', '/livez'],
        ['readiness', '/readyz'],
      ] as const) {
        assert.deepEqual(container[`${probe}Probe`]?.httpGet, { path, port: 'management' });
        assert.ok(paths.includes(path));
      }
      const { drainDelay } = settingsOf(container.args, environment);
      assert.ok((server.spec.terminationGracePeriodSeconds ?? 0) > drainDelay + drain);
      assert.deepEqual(specOf(deployment).strategy?.rollingUpdate, { maxUnavailable: 0, maxSurge: 1 });
    });

    test('whatever selects pods selects those of the server, and no others', () => {
      const others = pods.filter((pod) => pod !== server && pod.labels !== server.labels);
      const selecting = manifests.filter(({ kind }) =>
        ['Deployment', 'Service', 'PodDisruptionBudget', 'NetworkPolicy'].includes(kind),
      );
      assert.ok(selecting.length >= 3);
      for (const one of selecting) {
        const { selector, podSelector } = specOf(one);
        const wanted = podSelector?.matchLabels ?? selector?.matchLabels ?? selector ?? {};
        assert.ok(Object.keys(wanted).length > 0, one.kind);
        assert.ok(matches(server.labels, wanted as Variables), `${one.kind} ${one.metadata.name}`);
        for (const other of others as readonly Pod[])
          assert.ok(!matches(other.labels, wanted as Variables), `${one.kind} ${one.metadata.name}`);
      }
      for (const { ports = [] } of of('Service').map(specOf))
        for (const { targetPort } of ports)
          assert.ok(
            container.ports?.some(({ name }) => name === targetPort),
            targetPort,
          );
    });

    test('tables are changed before anything else, with no secret but the address of the database', () => {
      for (const job of of('Job')) {
        assert.equal(job.metadata.annotations?.['helm.sh/hook'], 'pre-install,pre-upgrade');
        const pod = podOf(job);
        assert.equal(pod?.spec.serviceAccountName, undefined, 'it rests on nothing that comes later');
        assert.deepEqual(pod?.spec.containers[0]?.args, ['migrate', 'up']);
        const keys = pod?.spec.volumes.flatMap(({ secret }) => secret?.items ?? []).map(({ key }) => key) ?? [];
        assert.ok(keys.includes('database-url') && !keys.includes('encryption-key'), keys.join());
      }
    });

    test('names of one manifest in another are right', () => {
      const services = of('Service');
      for (const { rules = [] } of of('Ingress').map(specOf)) {
        assert.deepEqual(
          rules.map(({ host }) => host),
          given.publicUrls.map((url) => new URL(url).hostname),
        );
        for (const { service } of rules.flatMap(({ http }) => http.paths).map(({ backend }) => backend))
          assert.ok(services.some((one) => one.metadata.name === service.name && service.port.name === 'public'));
      }
      for (const scaler of of('HorizontalPodAutoscaler')) {
        assert.equal(specOf(scaler).scaleTargetRef?.name, deployment.metadata.name);
        assert.equal(specOf(deployment).replicas, undefined, 'two would decide');
      }
      for (const { selector, endpoints = [] } of of('ServiceMonitor').map(specOf)) {
        assert.equal(
          services.filter(({ metadata }) => matches(metadata.labels, selector?.matchLabels ?? {})).length,
          1,
        );
        assert.deepEqual(
          endpoints.map(({ port, path }) => [port, path]),
          [['management', '/metrics']],
        );
      }
      const [account] = of('ServiceAccount');
      assert.equal(server.spec.serviceAccountName, account?.metadata.name ?? 'default');
      for (const probe of of('Pod').flatMap((one) => podOf(one)?.spec.containers ?? []))
        assert.ok(
          services.some(({ metadata }) => metadata.name === environmentOf(probe, manifests)['USHER_MANAGEMENT_HOST']),
        );
      const names = manifests.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
      assert.equal(new Set(names).size, names.length);
    });
  });
}
