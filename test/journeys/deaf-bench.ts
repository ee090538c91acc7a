import type { Bench } from './bench.ts';

/** A bench that keeps one setting from the server, and whether there was anything to keep. */
export interface DeafBench extends Bench {
  readonly isDeaf: () => boolean;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What is left of a body without the member at this path, in every item of a collection on the way. */
function without(value: unknown, path: readonly string[], lost: () => void): unknown {
  if (Array.isArray(value)) return value.map((item) => without(item, path, lost));
  const [name = '', ...rest] = path;
  if (!isObject(value) || !(name in value)) return value;
  const { [name]: member, ...others } = value;
  if (rest.length > 0) return { ...others, [name]: without(member, rest, lost) };
  lost();
  return others;
}

/** Requests that say one setting and nothing else, by its path in the model. */
const alone: Readonly<Record<string, RegExp>> = {
  userFlowIdentityProviders: /\/userFlowIdentityProviders\/\$ref$/,
  applicationClaims: /\/applicationClaims\/\$ref$/,
  'languages/overridesPages': /\/languages\/[^/]+\/overridesPages\//,
  'userAttributeAssignments/order': /\/userAttributeAssignments\/setOrder$/,
};

/** A scenario of this setting must fail here: else it would not notice that the setting does nothing. */
export function deafBench(bench: Bench, setting: string): DeafBench {
  let isDeaf = false;
  const lose = (): void => {
    isDeaf = true;
  };
  const path = setting.split('/');
  const [part = '', ...member] = path;
  const own = (settings: object): object => without(settings, path, lose) as object;
  const graph: Bench['usher']['graph'] = async (method, address, body, headers) => {
    if (method !== 'GET' && alone[setting]?.test(address)) {
      lose();
      return new Response(null, { status: 204 });
    }
    const isOfPart = member.length > 0 && address.includes(`/${part}`);
    return bench.usher.graph(method, address, isOfPart ? without(body, member, lose) : body, headers);
  };
  return {
    ...bench,
    usher: { ...bench.usher, graph },
    flow: (kind, settings = {}) => bench.flow(kind, own(settings)),
    async set(flow, settings) {
      const rest = own(settings);
      if (Object.keys(rest).length > 0) await bench.set(flow, rest);
    },
    isDeaf: () => isDeaf,
  };
}
