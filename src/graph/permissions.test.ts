import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { graphDelegatedPermissions, isApplicationPermission, type PermissionName } from '../model/index.ts';
import { inventory, type Offer, pathText } from './inventory.ts';

/** A row of the published table of permissions, by method and path; its spelling of paths is lower case, mostly. */
interface Row {
  readonly line: string;
  readonly least: { readonly delegated: Names; readonly application: Names };
  readonly every: { readonly delegated: Names; readonly application: Names };
  /** Not all higher ones were transcribed. */
  readonly cut: boolean;
}

type Names = readonly string[];

const published: readonly Row[] = readFileSync(
  new URL('../../test/golden/graph-permissions.tsv', import.meta.url),
  'utf8',
)
  .trimEnd()
  .split('\n')
  .map((text) => {
    const [method = '', path = '', ...columns] = text.split('\t');
    const [delegated = [], delegatedHigher = [], application = [], applicationHigher = []] = columns.map((names) =>
      names.split(', ').filter((name) => name !== ''),
    );
    return {
      line: `${method} ${path.toLowerCase()}`,
      least: { delegated, application },
      every: { delegated: [...delegated, ...delegatedHigher], application: [...application, ...applicationHigher] },
      cut: text.includes('…'),
    };
  });

/** Ways in which the table writes a path: it leaves out `$ref` and `$value`, and one row stands for each position of a connector. */
function linesOf({ httpMethod, path }: Offer): Names {
  const text = pathText(path).toLowerCase();
  const connector = text.replace(/(apiconnectorconfiguration)\/\w+\/\$ref$/, '$1/{id}');
  return [...new Set([text, text.replace(/\/\$(?:ref|value)$/, ''), connector])].map((one) => `${httpMethod} ${one}`);
}

const kinds = ['application', 'delegated'] as const;
type Kind = (typeof kinds)[number];

const reading = 'what lists them reads one, and what writes reads';

/** Deviations from the table, each decided somewhere: permission, which requests, why. */
const excused: readonly (readonly [PermissionName, RegExp, string])[] = [
  ['Application.ReadWrite.OwnedBy', /applications|serviceprincipals/, 'owners are not modelled (docs/decisions.md)'],
  ['User.ReadBasic.All', /^GET \/users/, 'opens six properties (docs/decisions.md), see readSome'],
  ['IdentityUserFlow.Read.All', /^GET .*(?:identityproviders|apiconnectorconfiguration)$/, 'Graph contract e row 36'],
  ['User.Read', /^GET \/organization\/\{id\}$/, reading],
  ['Organization.Read.All', /^GET \/organization\/\{id\}$/, reading],
  ['Organization.ReadWrite.All', /^GET \/organization\/\{id\}$/, reading],
  ['Directory.Read.All', /^GET \/(?:organization\/\{id\}|.*extensionproperties\/\{id\})$/, reading],
  ['Directory.ReadWrite.All', /^GET \/(?:organization\/\{id\}|applications|serviceprincipals)/, reading],
];

const used = new Set<number>();
function isExcused(permission: string, line: string): boolean {
  const at = excused.findIndex(([name, requests]) => name === permission && requests.test(line));
  if (at >= 0) used.add(at);
  return at >= 0;
}

const exists: Readonly<Record<Kind, (permission: string) => boolean>> = {
  application: isApplicationPermission,
  delegated: (permission) => Object.hasOwn(graphDelegatedPermissions, permission),
};

const compared = (['v1.0', 'beta'] as const).flatMap((version) =>
  inventory(version).flatMap((offer) => {
    const rows = published.filter(({ line }) => linesOf(offer).includes(line));
    return rows.length > 0 ? [{ offer, rows, name: `${version} ${offer.httpMethod} ${pathText(offer.path)}` }] : [];
  }),
);

const oursOf = ({ permissions }: Offer, kind: Kind): Names => permissions.filter(exists[kind]);

describe('permissions are those of the published table', () => {
  for (const { offer, rows, name } of compared) {
    const line = rows[0]?.line ?? '';
    const cut = rows.some((row) => row.cut);
    for (const kind of kinds) {
      const ours = oursOf(offer, kind);
      const every = rows.flatMap((row) => row.every[kind]);

      test(`${name}: those that open it for ${kind} callers, and no others`, () => {
        for (const permission of every) {
          const opens = ours.includes(permission) || !exists[kind](permission) || isExcused(permission, line);
          assert.ok(opens, `${permission} opens it`);
        }
        for (const permission of ours) {
          assert.ok(every.includes(permission) || cut || isExcused(permission, line), `${permission} does not open it`);
        }
      });

      test(`${name}: the least privileged for ${kind} callers first`, () => {
        const [first = ''] = ours;
        const least = rows
          .flatMap((row) => row.least[kind])
          .filter((one) => exists[kind](one) && !isExcused(one, line));
        assert.ok(least.length === 0 || cut || isExcused(first, line) || least.includes(first), first);
      });
    }
  }

  test('what opens anything for an application can also be delegated to one by a person', () => {
    const needed = new Set(compared.flatMap(({ offer }) => offer.permissions));
    assert.deepEqual(
      [...needed].filter((permission) => !exists.delegated(permission)),
      [],
    );
  });

  test('all rows of the table were compared, and every deviation is one that was decided', () => {
    const lines = new Set(compared.flatMap(({ rows }) => rows.map(({ line }) => line)));
    assert.deepEqual(
      published.map(({ line }) => line).filter((line) => !lines.has(line)),
      [],
    );
    assert.deepEqual(
      excused.filter((_, at) => !used.has(at)),
      [],
    );
  });
});
