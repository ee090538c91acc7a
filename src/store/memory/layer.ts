/** What a `Map` and a layer over one have in common. */
export interface Table<V> {
  get(key: string): V | undefined;
  set(key: string, value: V): unknown;
  delete(key: string): unknown;
  values(): Iterable<V>;
}

/** Changes to a table that nobody else sees until they are merged; dropping the layer undoes them. */
export class Layer<V> implements Table<V> {
  readonly #base: Map<string, V>;
  readonly #changed = new Map<string, V | undefined>();

  constructor(base: Map<string, V>) {
    this.#base = base;
  }

  get(key: string): V | undefined {
    return this.#changed.has(key) ? this.#changed.get(key) : this.#base.get(key);
  }

  set(key: string, value: V): void {
    this.#changed.set(key, value);
  }

  delete(key: string): void {
    this.#changed.set(key, undefined);
  }

  *values(): Iterable<V> {
    for (const [key, value] of this.#base) if (!this.#changed.has(key)) yield value;
    for (const value of this.#changed.values()) if (value !== undefined) yield value;
  }

  merge(): void {
    for (const [key, value] of this.#changed) {
      if (value === undefined) this.#base.delete(key);
      else this.#base.set(key, value);
    }
  }
}
