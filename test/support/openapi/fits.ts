/** A JSON Schema as the description uses it: no more of draft 2020-12 than this file reads. */
export type Schema = Readonly<Record<string, unknown>>;

const known = new Set(
  '$ref allOf oneOf anyOf type enum properties items required additionalProperties readOnly writeOnly default format pattern'
    .split(' ')
    .concat('minimum maximum maxLength maxItems description discriminator externalDocs'.split(' ')),
);

interface Place {
  readonly components: Readonly<Record<string, Schema>>;
  /** Where in the value, for the answer. */
  readonly path: string;
}

const schemasIn = (value: unknown): readonly Schema[] => (Array.isArray(value) ? value : []);
const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Why a value does not fit a schema; nothing when it does. Throws for a keyword it does not know, so that none is passed over. */
export function misfits(value: unknown, schema: Schema, place: Place): readonly string[] {
  for (const keyword of Object.keys(schema)) if (!known.has(keyword)) throw new Error(`unknown keyword '${keyword}'`);
  const { $ref } = schema;
  if (typeof $ref === 'string') return misfits(value, referred($ref, place), place);
  return [
    ...typeMisfits(value, schema, place),
    ...boundMisfits(value, schema, place),
    ...schemasIn(schema['allOf']).flatMap((one) => misfits(value, one, place)),
    ...choiceMisfits(value, schema, place),
    ...memberMisfits(value, schema, place),
    ...itemMisfits(value, schema, place),
  ];
}

function referred($ref: string, { components }: Place): Schema {
  const found = components[$ref.replace('#/components/schemas/', '')];
  if (!found) throw new Error(`nothing at '${$ref}'`);
  return found;
}

function typeMisfits(value: unknown, { type, enum: allowed }: Schema, { path }: Place): readonly string[] {
  const types = Array.isArray(type) ? type : [type];
  if (type !== undefined && !types.some((one) => isOfType(value, one))) return [`${path}: not ${types.join(' or ')}`];
  if (Array.isArray(allowed) && !allowed.includes(value)) return [`${path}: not one of ${allowed.join(', ')}`];
  return [];
}

function isOfType(value: unknown, type: unknown): boolean {
  switch (type) {
    case 'null':
      return value === null;
    case 'array':
      return Array.isArray(value);
    case 'object':
      return isObject(value);
    case 'integer':
      return Number.isInteger(value);
    default:
      return typeof value === type;
  }
}

const formats: Readonly<Record<string, RegExp>> = {
  uuid: /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/,
};

function boundMisfits(value: unknown, schema: Schema, { path }: Place): readonly string[] {
  const { minimum, maximum, maxLength, pattern, format } = schema;
  if (typeof value === 'number')
    return value < Number(minimum ?? value) || value > Number(maximum ?? value) ? [`${path}: out of range`] : [];
  if (typeof value !== 'string') return [];
  const wanted = typeof pattern === 'string' ? new RegExp(pattern, 'u') : formats[String(format)];
  if (value.length > Number(maxLength ?? value.length)) return [`${path}: too long`];
  return wanted && !wanted.test(value) ? [`${path}: not in the form of ${wanted}`] : [];
}

function choiceMisfits(value: unknown, schema: Schema, place: Place): readonly string[] {
  const choices = [...schemasIn(schema['oneOf']), ...schemasIn(schema['anyOf'])];
  if (choices.length === 0 || choices.some((one) => misfits(value, one, place).length === 0)) return [];
  return [`${place.path}: fits none of ${choices.length}`];
}

function memberMisfits(value: unknown, { properties, required }: Schema, place: Place): readonly string[] {
  if (!isObject(value)) return [];
  const missing = (Array.isArray(required) ? required : []).filter((name) => !Object.hasOwn(value, name));
  return [
    ...missing.map((name) => `${place.path}/${name}: missing`),
    ...Object.entries((properties ?? {}) as Readonly<Record<string, Schema>>).flatMap(([name, one]) =>
      Object.hasOwn(value, name) ? misfits(value[name], one, { ...place, path: `${place.path}/${name}` }) : [],
    ),
  ];
}

function itemMisfits(value: unknown, { items }: Schema, place: Place): readonly string[] {
  if (!Array.isArray(value) || !isObject(items)) return [];
  return value.flatMap((one, at) => misfits(one, items, { ...place, path: `${place.path}/${at}` }));
}
