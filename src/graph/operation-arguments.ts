import type { PropertyType, Shape } from '../model/index.ts';
import type { Literal } from './key.ts';
import { entryNamed } from './surface.ts';

/** The arguments of a function as a body would name them; the directory checks them. */
export function argumentsOf(
  parameters: Shape,
  literals: ReadonlyMap<string, Literal>,
): Readonly<Record<string, unknown>> {
  const given = [...literals].map(([name, literal]): [string, unknown] => {
    const [declared, property] = entryNamed(parameters, name) ?? [name, undefined];
    return [declared, property ? literalValue(property.type, literal) : literal.text];
  });
  return Object.fromEntries(given);
}

/** A literal of a URL as the JSON it would be in a body (OData URL conventions §5.1.1.6.1). */
function literalValue({ kind }: PropertyType, { text, quoted }: Literal): unknown {
  if (quoted) return text;
  if (text === 'null') return null;
  if (kind === 'boolean') return text === 'true' || (text === 'false' ? false : text);
  const isNumber = kind === 'int32' || kind === 'int64' || kind === 'single';
  return isNumber && Number.isFinite(Number(text)) ? Number(text) : text;
}
