import type {
  ComplexType,
  EntityType,
  Method,
  Operation,
  PermissionName,
  Permissions,
  Version,
} from '../../model/index.ts';
import { keyText } from '../key.ts';

/**
 * The key of an entity: its id in a segment of its own or, with `by`, that property in the parentheses behind the name before. With
 * `item` it is the key of a value in an entity of the type: that member of it.
 */
export interface KeyPart {
  readonly keyOf: EntityType;
  readonly by?: string;
  readonly item?: string;
}

/** A segment of a path template: a name, or a key. */
export type Part = string | KeyPart;

export type HttpMethod = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';

/** What every request has, whatever it is about. */
export interface Addressed {
  readonly version: Version;
  readonly httpMethod: HttpMethod;
  /** Below the version root. */
  readonly path: readonly Part[];
  /** Any one of them opens it, least privileged first. */
  readonly permissions: readonly PermissionName[];
}

/** One thing a client can ask of a resource. */
export interface Offer extends Addressed {
  readonly does: Method | 'count' | 'delta' | 'links' | 'link' | 'unlink' | 'operation' | 'content' | 'value';
  /** What is answered, or written. */
  readonly type: EntityType;
  /** A list is answered. */
  readonly many: boolean;
  readonly operation?: Operation;
  /** Values that have a key are answered or written, and this is their type. */
  readonly item?: ComplexType;
  /** The way leads over a reference, so that its target must be referred to. */
  readonly referenced?: true;
  /** Clients are told to use something else since this day, `YYYY-MM-DD`. */
  readonly deprecated?: string;
  /** The usual way to ask the same, e.g. `POST /a/{id}/b/$ref`; absent: this is it. */
  readonly usual?: string;
}

/** A place in the tree of addresses, and what may be done there. */
export interface Node {
  readonly version: Version;
  readonly path: readonly Part[];
  readonly type: EntityType;
  readonly methods: readonly Method[];
  /** As of an offer; all that is below is deprecated too. */
  readonly deprecated?: string;
}

/** A part as it continues a path: `/name`, `/a%20key`, `(appId='x')`. */
export function partText(part: Part, key: string): string {
  if (typeof part === 'string') return `/${part}`;
  return part.by === undefined ? `/${encodeURIComponent(key)}` : keyText(key).replace('(', `(${part.by}=`);
}

/** `/identity/b2cUserFlows/{id}`, `/applications(appId='{appId}')`: with the method the lasting name of an operation. */
export const pathText = (path: readonly Part[]): string => path.map(template).join('');

function template(part: Part): string {
  if (typeof part === 'string') return `/${part}`;
  return part.by === undefined ? '/{id}' : `(${part.by}='{${part.by}}')`;
}

/** The method of the model whose own permissions count, where it has some. */
const methodOf: Readonly<Partial<Record<Offer['does'], Method>>> = {
  list: 'list',
  count: 'list',
  delta: 'list',
  get: 'get',
  value: 'get',
  create: 'create',
  update: 'update',
  put: 'put',
  delete: 'delete',
};

interface Particulars extends Pick<Offer, 'usual' | 'referenced' | 'item'> {
  readonly many?: boolean;
  /** The permissions of the type that has the reference count, not those of its target. */
  readonly owner?: Permissions;
}

/** `rest`: what follows the place in the path. */
export function offer(
  { version, path, type, deprecated }: Node,
  httpMethod: HttpMethod,
  rest: readonly Part[],
  does: Offer['does'],
  { many = false, owner = type.permissions, ...more }: Particulars = {},
): Offer {
  const method = methodOf[does];
  const permissions = (method && owner.byMethod?.[method]) ?? (httpMethod === 'GET' ? owner.read : owner.write);
  const old = deprecated === undefined ? {} : { deprecated };
  return { version, httpMethod, path: [...path, ...rest], does, type, many, permissions, ...old, ...more };
}

/** `GET /applications/{id}` */
export const lineOf = ({ httpMethod, path }: Pick<Addressed, 'httpMethod' | 'path'>): string =>
  `${httpMethod} ${pathText(path)}`;
