import type { Screen } from '../flows/index.ts';
import { createStencil, type Reply, type Stencil } from '../http/index.ts';
import { createLru, newSecret } from '../kernel/index.ts';
import type { Setting } from './present.ts';
import type { View } from './view.ts';

/** What a page is made of, besides the token of the browser it is for. */
export type Ingredients = Omit<View, 'voice' | 'csrf'> & {
  readonly screen: Screen;
  readonly setting: Setting;
  readonly locales: readonly string[];
};

/** Pages that look the same to everybody, rendered once. */
export interface PreparedPages {
  /** The page for one browser; `make` renders it, with the token that it is given. */
  of(ingredients: Ingredients, csrf: string, make: (csrf: string) => Promise<Reply>): Promise<Reply>;
}

interface Prepared {
  readonly reply: Reply;
  /** The document, with a gap where the token stands. */
  readonly stencil: Stencil;
}

/** At once, of all flows: some kilobytes each. */
const capacity = 300;

/**
 * The first page of a journey, as long as it says nothing that comes from a person: neither who they are nor what they have or may know.
 * Pages of an administrator's own have a time of their own.
 */
function isForEverybody({ screen, revision, look }: Ingredients): boolean {
  const { fields, messages, verification, exhibits, passkey, heading, intro } = screen;
  const isPlain = ![heading, intro].some((text) => text && 'values' in text);
  const isBlank = fields.every(({ value, errors }) => value === undefined && errors === undefined);
  const hasMore = verification ?? exhibits ?? passkey ?? look.custom;
  return revision === 1 && isPlain && isBlank && messages.length === 0 && hasMore === undefined;
}

/** What a page is made of is its name, so that none outlives a change of its flow. */
export function createPreparedPages(): PreparedPages {
  const kept = createLru<Prepared>(capacity);
  // Nobody knows it, so nothing that a page says can be taken for the place of the token.
  const place = newSecret();

  async function prepare(name: string, make: (csrf: string) => Promise<Reply>): Promise<Prepared> {
    const known = kept.get(name);
    if (known) return known;
    const reply = await make(place);
    const made = { reply, stencil: createStencil(String(reply.body).split(place)) };
    kept.set(name, made);
    return made;
  }

  return {
    async of(ingredients, csrf, make) {
      if (!isForEverybody(ingredients)) return make(csrf);
      const { reply, stencil } = await prepare(JSON.stringify(ingredients), make);
      return { ...reply, ...stencil.filled(csrf) };
    },
  };
}
