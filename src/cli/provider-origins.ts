import { fixedKinds } from '../federation/index.ts';
import { suggestion } from '../kernel/index.ts';
import { faults } from './faults.ts';

/** Reads `--provider-origin`: origins by kind of provider, the last one of a kind counts. Throws `cli.unknownProviderKind`. */
export function providerOrigins(texts: readonly string[]): (kind: string) => string | undefined {
  const origins = new Map(
    texts.map((text) => {
      const [given = '', url = ''] = text.split(/=(.*)/s);
      const kind = fixedKinds.find((one) => one.toLowerCase() === given.toLowerCase());
      if (kind === undefined)
        throw faults.unknownProviderKind({ kind: given, suggestion: suggestion(given, fixedKinds) });
      return [kind, new URL(url).origin] as const;
    }),
  );
  return (kind) => origins.get(kind);
}
