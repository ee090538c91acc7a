import { parseAllDocuments } from 'yaml';
import { read, type Variables } from './orders.ts';

export interface Container {
  readonly name: string;
  readonly image: string;
  readonly args: readonly string[];
  readonly env?: readonly { readonly name: string; readonly value: string }[];
  readonly envFrom?: readonly { readonly configMapRef: { readonly name: string } }[];
  readonly ports?: readonly { readonly name: string; readonly containerPort: number }[];
  readonly securityContext: Readonly<Record<string, unknown>>;
  readonly resources: Readonly<Record<'requests' | 'limits', Readonly<Record<string, string>>>>;
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string; readonly readOnly?: boolean }[];
  readonly [probe: `${string}Probe`]: { readonly httpGet: { readonly path: string; readonly port: string } };
}
interface Volume {
  readonly name: string;
  readonly emptyDir?: { readonly sizeLimit: string };
  readonly secret?: {
    readonly secretName: string;
    readonly defaultMode: number;
    readonly items?: readonly { readonly key: string; readonly path: string }[];
  };
}
export interface Pod {
  readonly labels: Variables;
  readonly spec: {
    readonly containers: readonly Container[];
    readonly volumes: readonly Volume[];
    readonly automountServiceAccountToken: boolean;
    readonly serviceAccountName?: string;
    readonly terminationGracePeriodSeconds?: number;
    readonly securityContext: Readonly<Record<string, unknown>>;
  };
}
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly labels: Variables; readonly annotations?: Variables };
  readonly data?: Variables;
  // The shape depends on the kind; a test reads what it knows of its kind.
  readonly spec?: Readonly<Record<string, never>>;
}

/** What Kubernetes would be given, as it reads it: numbers that begin with 0 are octal there. */
export const manifestsIn = (path: string): readonly Manifest[] =>
  parseAllDocuments(read(path), { version: '1.1' }).map((document) => document.toJS() as Manifest);

/** The pods of a manifest: its own, or those that it makes. */
export function podOf({ kind, metadata, spec }: Manifest): Pod | undefined {
  if (kind === 'Pod') return { labels: metadata.labels, spec: spec as unknown as Pod['spec'] };
  if (kind !== 'Deployment' && kind !== 'Job') return undefined;
  const { template } = spec as unknown as {
    readonly template: { readonly metadata: { readonly labels: Variables }; readonly spec: Pod['spec'] };
  };
  return { labels: template.metadata.labels, spec: template.spec };
}

/** What a container has in its environment, settings of a ConfigMap among the manifests included. */
export const environmentOf = (container: Container, manifests: readonly Manifest[]): Variables =>
  Object.assign(
    {},
    ...(container.envFrom ?? []).map(
      ({ configMapRef: { name } }) =>
        manifests.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === name)?.data,
    ),
    ...(container.env ?? []).map(({ name, value }) => ({ [name]: value })),
  ) as Variables;

export const matches = (labels: Variables, selector: Variables): boolean =>
  Object.entries(selector).every(([name, value]) => labels[name] === value);
