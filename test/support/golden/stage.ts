import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import type { Usher } from '../usher.ts';
import { type Body, isPlaceholder } from './example.ts';
import { providerBody, requiredOf } from './props.ts';

/**
 * Makes, through the API itself, the state that an example takes for granted, and takes it away again. Ids that the server makes
 * are others than the example's; `real` knows which stands for which.
 */
export class Stage {
  readonly usher: Usher;
  readonly #made: string[] = [];
  readonly #ids = new Map<string, string>();
  readonly #places = new Map<number, string>();
  readonly #undo: (() => Promise<unknown>)[] = [];

  constructor(usher: Usher) {
    this.usher = usher;
  }

  /** The nth key of the path, which a page may write with the same placeholder as another one. */
  putAt(index: number, real: string): void {
    this.#places.set(index, real);
  }

  /** The URL with the keys that were put in. */
  place(url: string): string {
    const [path = '', ...query] = url.split('?');
    let index = -1;
    const names = path.split('/').map((name) => {
      if (name === '' || /^microsoft\.graph\./i.test(name)) return name;
      index += 1;
      return this.#places.get(index) ?? name;
    });
    return [names.join('/'), ...query].join('?');
  }

  /** The id that stands for one of the example. */
  real(id: string): string {
    return this.#ids.get(id.toLowerCase()) ?? id;
  }

  /** In a URL or a body: every id of the example by what stands for it. */
  translate(text: string): string {
    let out = text;
    for (const [id, real] of this.#ids)
      out = out.replaceAll(new RegExp(id.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'), 'gi'), real);
    return out;
  }

  standsFor(id: string, real: string): void {
    if (id.toLowerCase() !== real.toLowerCase()) this.#ids.set(id.toLowerCase(), real);
  }

  async call(
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Body> {
    const response = await this.usher.graph(method, path, body, headers);
    const text = await response.text();
    assert.ok(response.ok, `arranging ${method} ${path} ${JSON.stringify(body)}: ${response.status} ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  }

  /** The first entity of a list, once there is one. */
  async listed(path: string): Promise<Body> {
    const deadline = Date.now() + 10_000;
    while (Date.now() < deadline) {
      const { value } = await this.call('GET', path);
      if (value[0]) return value[0];
      await setTimeout(20);
    }
    throw new assert.AssertionError({ message: `nothing at ${path}` });
  }

  async has(path: string): Promise<boolean> {
    const response = await this.usher.graph('GET', path);
    await response.arrayBuffer();
    return response.ok;
  }

  /** Creates an entity of a set unless there is one of this id; resolves to its id. */
  async make(set: string, values: Body, id?: string): Promise<string> {
    const home = `/beta/${set}`;
    if (id !== undefined && !isPlaceholder(id) && (await this.has(`${home}/${encodeURIComponent(id)}`))) return id;
    const made = await this.call('POST', home, { ...requiredOf(set), ...withoutReadOnly(values) });
    if (id !== undefined) this.standsFor(id, made.id);
    this.made(`${home}/${encodeURIComponent(made.id)}`);
    return made.id;
  }

  made(path: string): void {
    this.#made.push(path);
  }

  /** Changes what every tenant has, until the example is over. */
  async change(path: string, values: Body): Promise<void> {
    const before = await this.call('GET', path);
    const changed = Object.fromEntries(Object.keys(values).map((name) => [name, before[name]]));
    this.#undo.push(() => this.call('PATCH', path, changed));
    await this.call('PATCH', path, values);
  }

  /** A provider by its id alone: which kind it is can be told from it. */
  async provider(id: string, values: Body = {}): Promise<string> {
    return this.make('identity/identityProviders', { ...providerBody(id, values) }, id);
  }

  /** An attribute by its id alone: built in, or made with the name its id ends in. */
  async attribute(id: string, values: Body = {}): Promise<string> {
    const displayName = values.displayName ?? id.slice(id.lastIndexOf('_') + 1);
    const { dataType = 'string', description = null } = values;
    return this.make('identity/userFlowAttributes', { displayName, dataType, description }, id);
  }

  /** Takes away what was made, what the example made, and nothing else. Newest first, since older things may be in use. */
  async clear(): Promise<void> {
    for (const undo of this.#undo.splice(0)) await undo();
    const left = [...this.#made].reverse();
    for (let round = 0; left.length > 0 && round < 3; round += 1) {
      for (const path of left.splice(0)) {
        const response = await this.usher.graph('DELETE', path);
        await response.arrayBuffer();
        if (!response.ok && response.status !== 404) left.push(path);
      }
    }
    assert.deepEqual(left, [], 'everything an example needed can be removed again');
  }
}

const readOnly = new Set([
  'id',
  'createdDateTime',
  'deletedDateTime',
  'publisherDomain',
  'userFlowAttributeType',
  'keyCredentials',
  'passwordCredentials',
  'certificateList',
]);

/** What a page shows and a client may not send. */
function withoutReadOnly(values: Body): Body {
  const sent = Object.entries(values).filter(
    ([name, value]) => value !== null && !readOnly.has(name) && !(name.includes('@') && name !== '@odata.type'),
  );
  return Object.fromEntries(sent);
}
