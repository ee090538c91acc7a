/**
 * Paths for Microsoft's generated client, in the metadata that its generator writes. The packages on npm hold the models of the whole of
 * Graph and the paths of none of the identity collections, so the tests say the paths and everything else is the unmodified client.
 */
import type { extendGraphBetaServiceClient } from '@microsoft/msgraph-beta-sdk';
import { type ReferenceCreate, serializeReferenceCreate } from '@microsoft/msgraph-beta-sdk/models/index.js';
import { createODataErrorFromDiscriminatorValue } from '@microsoft/msgraph-beta-sdk/models/oDataErrors/index.js';

type Requests = NonNullable<Parameters<typeof extendGraphBetaServiceClient>[1]>;
type Request = NonNullable<Requests['get']>;
export type Read = NonNullable<Request['responseBodyFactory']>;
type Write = Extract<NonNullable<Request['requestBodySerializer']>, (...writer: never) => unknown>;
export type Factory = Extract<Read, (...node: never) => unknown>;
export type Writer = Parameters<Write>[0];
export type Serializer<T> = (writer: Writer, value?: T | null, derived?: boolean) => void;

/** What the client's navigation consists of. */
export interface Navigation {
  readonly requestsMetadata?: Requests;
  readonly navigationMetadata?: Record<string, Navigation>;
  readonly pathParametersMappings?: string[];
}

/** How one kind of entity is read and written. `T` is only told, never there. */
export interface Model<T> {
  readonly read: Factory;
  readonly list: Factory;
  readonly write: Serializer<T>;
}

/** A place below a path, which is the name of the place unless it has a segment of its own. */
export interface Place<S> {
  readonly segment?: string;
  readonly build: (path: string) => Navigation;
  /** Never there. */
  readonly shape?: S;
}

type Places = Readonly<Record<string, Place<unknown>>>;
export type Fluent<P> = { readonly [K in keyof P]: P[K] extends Place<infer S> ? S : never };

export interface Asking {
  readonly headers?: Readonly<Record<string, string>>;
  readonly queryParameters?: {
    readonly count?: boolean;
    readonly expand?: readonly string[];
    readonly filter?: string;
    readonly orderby?: readonly string[];
    readonly search?: string;
    readonly select?: readonly string[];
    readonly skip?: number;
    readonly top?: number;
  };
}

export interface Page<T> {
  readonly value?: readonly T[] | null;
  readonly odataCount?: number | null;
  readonly odataNextLink?: string | null;
  readonly odataDeltaLink?: string | null;
}

export interface Getting<T> {
  get(asking?: Asking): Promise<T | undefined>;
  /** The client's way to go on at a link of an answer. */
  withUrl(url: string): Getting<T>;
}

interface Entity<T> extends Getting<T> {
  patch(value: T, asking?: Asking): Promise<T | undefined>;
  put(value: T, asking?: Asking): Promise<T | undefined>;
  delete(asking?: Asking): Promise<void>;
}

interface Collection<T, I> extends Getting<Page<T>> {
  post(value: T, asking?: Asking): Promise<T | undefined>;
  byId(id: string): I;
  readonly count: { get(asking?: Asking): Promise<number | undefined> };
}

interface References<T> extends Getting<Page<T>> {
  byId(id: string): { readonly ref: { delete(): Promise<void> } };
  readonly count: { get(asking?: Asking): Promise<number | undefined> };
  readonly ref: { post(target: ReferenceCreate): Promise<void> };
}

interface Reference<T> extends Getting<T> {
  readonly ref: {
    put(target: ReferenceCreate): Promise<void>;
    delete(): Promise<void>;
  };
}

interface Content {
  get(): Promise<ArrayBuffer | undefined>;
  put(content: ArrayBuffer): Promise<ArrayBuffer | undefined>;
  delete(): Promise<void>;
}

const options = ['count', 'expand', 'filter', 'orderby', 'search', 'select', 'skip', 'top'];
const queryParametersMapper = Object.fromEntries(options.map((name) => [name, `%24${name}`]));
const query = `{?${Object.values(queryParametersMapper).join()}}`;
const json = 'application/json';
/** `XXX` is the client's own key for every status of 4xx and 5xx (`ErrorMappings` of Kiota). */
const errorMappings = { XXX: createODataErrorFromDiscriminatorValue };

const reading = (path: string, read: Read): Request => ({
  uriTemplate: `${path}${query}`,
  responseBodyContentType: read === 'number' ? 'text/plain;q=0.9' : json,
  adapterMethodName: typeof read === 'string' ? 'sendPrimitive' : 'send',
  responseBodyFactory: read,
  errorMappings,
  queryParametersMapper,
});

const writing = <T>(path: string, write: Serializer<T>, read?: Read): Request => ({
  uriTemplate: path,
  requestBodyContentType: json,
  requestBodySerializer: write as Write,
  requestInformationContentSetMethod: 'setContentFromParsable',
  ...answering(read),
});

const answering = (read?: Read): Omit<Request, 'uriTemplate'> =>
  read === undefined
    ? { adapterMethodName: 'sendNoResponseContent', errorMappings }
    : { responseBodyContentType: json, adapterMethodName: 'send', responseBodyFactory: read, errorMappings };

const removing = (path: string): Request => ({
  uriTemplate: path,
  adapterMethodName: 'sendNoResponseContent',
  errorMappings,
});

const below = (path: string, places: Places): Record<string, Navigation> =>
  Object.fromEntries(
    Object.entries(places).map(([name, { segment = name, build }]) => [name, build(`${path}/${segment}`)]),
  );

const place = <S>(requests: (path: string) => Requests, places: Places = {}, segment?: string): Place<S> => ({
  ...(segment === undefined ? {} : { segment }),
  build: (path) => ({ requestsMetadata: requests(path), navigationMetadata: below(path, places) }),
});

/** The same place at another segment than its name. */
export const at = <S>(segment: string, { build }: Place<S>): Place<S> => ({ segment, build });

export const model = <T>(read: Factory, list: Factory, write: Serializer<T>): Model<T> => ({ read, list, write });

/**
 * This release writes of a derived value only what its base declares when it is given the serializer of the base, so that of the value's
 * own type is chosen here, by the `@odata.type` it carries.
 */
export const derived =
  <T extends { readonly odataType?: string | null }>(base: Serializer<T>, own: OwnSerializers): Serializer<T> =>
  (writer, value) =>
    (own[value?.odataType?.replace('#microsoft.graph.', '') ?? ''] ?? base)(writer, value);

/** By the name of the type. */
type OwnSerializers = Readonly<Record<string, Serializer<object>>>;

/** Only other places. */
export const folder = <P extends Places>(places: P): Place<Fluent<P>> => place(() => ({}), places);

export const entity = <T, P extends Places = Record<never, never>>(
  { read, write }: Model<T>,
  places?: P,
): Place<Entity<T> & Fluent<P>> =>
  place(
    (path) => ({
      get: reading(path, read),
      patch: writing(path, write, read),
      put: writing(path, write, read),
      delete: removing(path),
    }),
    places,
  );

const count = place<{ get(asking?: Asking): Promise<number | undefined> }>(
  (path) => ({ get: reading(path, 'number') }),
  {},
  '$count',
);

function keyed(path: string, item: Place<unknown>): Navigation {
  const parameter = `key${path.split('{').length}`;
  return { ...item.build(`${path}/{${parameter}}`), pathParametersMappings: [parameter] };
}

export function collection<T, P extends Places, M extends Places>(
  of: Model<T>,
  places: P,
  more: M,
): Place<Collection<T, Entity<T> & Fluent<P>> & Fluent<M>> {
  const item = entity(of, places);
  return {
    build: (path) => ({
      requestsMetadata: { get: reading(path, of.list), post: writing(path, of.write, of.read) },
      navigationMetadata: { ...below(path, { count, ...more }), byId: keyed(path, item) },
    }),
  };
}

/** A collection that nothing more is below, neither of it nor of its entities. */
export const plain = <T>(of: Model<T>) => collection(of, {}, {});

const ref = (requests: (path: string) => Requests): Place<unknown> => place(requests, {}, '$ref');

/** What an entity refers to many of. */
export const references = <T>({ list }: Model<T>): Place<References<T>> => ({
  build: (path) => ({
    requestsMetadata: { get: reading(path, list) },
    navigationMetadata: {
      ...below(path, {
        count,
        ref: ref((at) => ({ post: writing(at, serializeReferenceCreate) })),
      }),
      byId: keyed(path, folder({ ref: ref((at) => ({ delete: removing(at) })) })),
    },
  }),
});

/** What an entity refers to one of. */
export const reference = <T>({ read }: Model<T>): Place<Reference<T>> =>
  place((path) => ({ get: reading(path, read) }), {
    ref: ref((at) => ({
      put: writing(at, serializeReferenceCreate),
      delete: removing(at),
    })),
  });

/** A media stream, `$value`. */
export const content: Place<Content> = place(
  (path) => ({
    get: { ...reading(path, 'ArrayBuffer'), responseBodyContentType: 'application/octet-stream, application/json' },
    put: {
      uriTemplate: path,
      requestBodyContentType: 'application/octet-stream',
      requestInformationContentSetMethod: 'setStreamContent',
      responseBodyContentType: 'application/octet-stream, application/json',
      adapterMethodName: 'sendPrimitive',
      responseBodyFactory: 'ArrayBuffer',
      errorMappings,
    },
    delete: removing(path),
  }),
  {},
  '$value',
);

export const called = <T>(read: Factory): Place<Getting<T>> => place((path) => ({ get: reading(path, read) }));

export const action = <B, T = void>(
  write: Serializer<B>,
  read?: Factory,
): Place<{ post(body: B): Promise<T | undefined> }> => place((path) => ({ post: writing(path, write, read) }));
