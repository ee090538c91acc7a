import type { Directory, Versioned } from '../directory/index.ts';
import type { Caller } from '../kernel/index.ts';
import type { EntityType, Property, Version } from '../model/index.ts';
import type { Conditions } from './conditions.ts';
import type { Tracking } from './delta.ts';
import type { Loaded } from './entity-json.ts';
import type { Json } from './json.ts';
import type { Located } from './locate.ts';

/** What came of a request, before it is written in the dialect of the wire. */
export type Result =
  | { readonly kind: 'metadata' | 'openapi' | 'service' | 'identity' | 'nothing' }
  | { readonly kind: 'number'; readonly value: number }
  | {
      readonly kind: 'page';
      readonly located: Located;
      readonly items: readonly Loaded[];
      readonly next?: string;
      readonly count?: number;
      /** Only the addresses of the entities, not what they hold. */
      readonly links: boolean;
    }
  | ({ readonly kind: 'changes' } & Tracking)
  | {
      readonly kind: 'entity';
      readonly located: Located;
      readonly item: Loaded;
      readonly change?: 'created' | 'updated';
      /** Names in the body of a POST. */
      readonly echoed: readonly string[];
    }
  /** The address of the target of a reference to one. */
  | { readonly kind: 'link'; readonly located: Located; readonly target: Versioned<EntityType> }
  | {
      readonly kind: 'value';
      readonly located: Located;
      /** The entity it is in, with the targets of what was expanded. */
      readonly owner: Loaded;
      readonly path: readonly string[];
      readonly property: Property;
      readonly value: unknown;
    }
  /** Values that have a key: all of them, or one. */
  | {
      readonly kind: 'items';
      readonly located: Located;
      readonly owner: Versioned<EntityType>;
      readonly path: readonly string[];
      readonly property: Property;
      readonly items: readonly Json[];
      /** `one`: the single item alone; `added`: it was not there before. */
      readonly as: 'all' | 'one' | 'added';
    }
  /** What an operation returned. */
  | { readonly kind: 'returned'; readonly property: Property; readonly value: unknown }
  | { readonly kind: 'stream'; readonly mediaType: string; readonly text: string; readonly etag: string };

/** What a request is executed with. */
export interface Work {
  readonly directory: Directory;
  readonly caller: Caller;
  /** Reads the JSON object of the body; called once, after everything that can be refused without it. */
  readonly body: () => Promise<Json>;
  /** As `body`, where a body may be missing: then there are no members. */
  readonly bodyIfAny: () => Promise<Json>;
  /** The body as text of a media type. */
  readonly text: (mediaType: string, maxBytes: number) => Promise<string>;
  readonly conditions: Conditions;
  readonly version: Version;
  /** The updated entity is wanted back. */
  readonly representation: boolean;
}
