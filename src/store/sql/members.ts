type Values = Readonly<Record<string, unknown>>;

const digits = /^-?\d/;
const words: ReadonlyMap<string, boolean | null> = new Map([
  ['true', true],
  ['false', false],
  ['null', null],
]);

/**
 * Some members of a stored entity, without making the others: reading whole bodies took as long as finding them. A member is read from the
 * text where nothing before it opens an object or a list, so that its name can only be the entity's own; whatever is not as simple
 * as that is read as a whole. Members that are not there are left out.
 */
export function membersOf(body: string, names: readonly string[]): Values {
  const [object, array] = [body.indexOf('{', 1), body.indexOf('[', 1)];
  const plain = Math.min(object < 0 ? body.length : object, array < 0 ? body.length : array);
  const found: Record<string, unknown> = {};
  for (const name of names) {
    const mark = `"${name}":`;
    const at = body.indexOf(mark);
    if (at < 0) continue;
    const value = at < plain ? scalarAt(body, at + mark.length) : undefined;
    // A quote that is escaped, or ends another text, begins no name.
    if (value === undefined || !begins(body, at)) return membersApart(body, names);
    found[name] = value;
  }
  return found;
}

/** As `membersOf`, for what is kept: nothing of the text lives on in them. */
export function membersApart(body: string, names: readonly string[]): Values {
  const all = JSON.parse(body) as Values;
  const found: Record<string, unknown> = {};
  for (const name of names) if (Object.hasOwn(all, name)) found[name] = all[name];
  return found;
}

const begins = (body: string, at: number): boolean => body[at - 1] === ',' || (at === 1 && body[0] === '{');

/** Undefined: nothing that can be read at sight. */
function scalarAt(body: string, at: number): unknown {
  if (body[at] === '"') {
    const end = body.indexOf('"', at + 1);
    const text = body.slice(at + 1, end);
    return end < 0 || text.includes('\\') ? undefined : text;
  }
  const comma = body.indexOf(',', at);
  const text = body.slice(at, comma < 0 ? body.lastIndexOf('}') : comma);
  return digits.test(text) ? Number(text) : words.get(text);
}
