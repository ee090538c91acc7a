import type { Operation } from '../../model/index.ts';
import { type KeyPart, type Part, partText } from '../inventory.ts';
import type { Vocabulary } from '../metadata/vocabulary.ts';
import { bareAlternate } from '../surface.ts';
import { propertySchema, type Schema } from './schemas.ts';

interface Key {
  readonly name: string;
  readonly part: KeyPart;
}

/** A path with a name of its own for each of its parameters, which OpenAPI wants (OpenAPI 3.1.1 §4.8.8). */
export interface Template {
  readonly text: string;
  readonly parameters: readonly Schema[];
}

/** `operation`: what the path ends with; the arguments of a function stand in parentheses. */
export function template(path: readonly Part[], words: Vocabulary, operation?: Operation): Template {
  const keys: Key[] = [];
  const text = path.map((part) => {
    if (typeof part === 'string') return partText(part, '');
    const { keyOf, by, item } = part;
    const base = by ?? item ?? `${keyOf.name}-id`;
    const again = keys.filter(({ name }) => name.replace(/\d+$/, '') === base).length;
    const name = again === 0 ? base : `${base}${again + 1}`;
    keys.push({ name, part });
    return by === undefined ? `/{${name}}` : `(${by}='{${name}}')`;
  });
  const called = operation?.kind === 'function' ? Object.entries(operation.parameters) : [];
  const call = called.length > 0 ? `(${called.map(([name]) => `${name}={${name}}`).join(',')})` : '';
  return {
    text: `${text.join('') || '/'}${call}`,
    parameters: [
      ...keys.map(keyParameter),
      ...called.map(([name, one]) => ({ name, in: 'path', required: true, schema: propertySchema(one, words) })),
    ],
  };
}

const keyParameter = ({ name, part }: Key): Schema => ({
  name,
  in: 'path',
  required: true,
  description: meaningOf(part),
  schema: { type: 'string' },
});

function meaningOf({ keyOf, by, item }: KeyPart): string {
  if (item !== undefined) return `The '${item}' of one item.`;
  if (by !== undefined) return `The '${by}' of a ${keyOf.name}.`;
  const alternate = bareAlternate(keyOf);
  return alternate === undefined ? `Id of a ${keyOf.name}.` : `Id or '${alternate}' of a ${keyOf.name}.`;
}
