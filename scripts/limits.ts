/** `docs/limits.md`: every limit, from the tables and constants that hold it. */
import { readdirSync, readFileSync } from 'node:fs';
import { limitsOf } from '../src/graph/throttle-limits.ts';
import { b2cLockout } from '../src/identity/lockout.ts';
import { activities, documentedQuotas, flagOf, type OptionName, optionOf, type Rate } from '../src/kernel/index.ts';
import { parameterBytes } from '../src/oidc/dialect/params.ts';

const root = new URL('../', import.meta.url);

const grouped = (value: number): string => value.toLocaleString('en-US');

/** `6,000 in 300 s`. */
const rateText = ({ amount, seconds }: Rate): string => `${grouped(amount)} in ${grouped(seconds)} s`;

const cell = (text: string): string => text.replaceAll('|', '\\|');

const table = (head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] => [
  `| ${head.join(' | ')} |`,
  `|${head.map(() => '---|').join('')}`,
  ...rows.map((row) => `| ${row.map(cell).join(' | ')} |`),
];

const countedFor: Readonly<Record<string, string>> = {
  perAddress: 'an address',
  perTenant: 'a tenant',
  perApplication: 'an application that has proved itself',
};

const strangers = (): readonly string[] =>
  table(
    ['what', 'counted for', 'generous', 'strict'],
    Object.values(activities).flatMap(({ says, ...whose }) =>
      Object.entries(whose).map(([counted, { generous, strict }]) => [
        says,
        countedFor[counted] ?? counted,
        rateText(generous),
        rateText(strict),
      ]),
    ),
  );

const management = (): readonly string[] =>
  table(
    ['paths', 'counted for', 'limit', '`--throttling`'],
    limitsOf('documented').map((limit) => [
      limit.areas?.map((area) => `\`/${area}\``).join(', ') ?? 'all',
      limit.per === 'tenant' ? 'a tenant' : 'an application',
      rateText(limit),
      limitsOf('generous').includes(limit) ? 'generous, documented' : 'documented',
    ]),
  );

const settings: readonly OptionName[] = ['bodyLimit', 'hashQueue', 'journeyLifetime'];

/** A limit that a constant of the source holds. */
export interface Held {
  /** Folder below `src`, or the file itself. */
  readonly room: string;
  readonly file: string;
  readonly name: string;
  readonly value: string;
  /** What the source says of it; empty: nothing beside its name. */
  readonly says: string;
}

/** Names that begin so are limits. */
const pattern =
  /(?:\/\*\*(?<doc>(?:[^*]|\*(?!\/))*)\*\/\n)?^(?:export )?const (?<name>(?:most|maximum|longest|largest|max|capacity)(?:[A-Z]\w*)?|[a-z]\w*Limits|formLimit|usualLimit)(?:: [^=]+)? = (?<value>[^;]+);$/gm;

const numbers = /^[\d_\s*]+$/;

/** `65536`, `usually 100, nested 20`; what is no number, or made of others, stands as it does in the source. */
function valueText(source: string): string {
  const plain = source.replace(/ as const$/, '').trim();
  if (numbers.test(plain)) return grouped(computed(plain));
  const members = /^\{(?<inside>[^{}]*)\}$/s.exec(plain)?.groups?.['inside'];
  if (members === undefined) return `\`${plain.replace(/\s+/g, ' ')}\``;
  return members
    .split(',')
    .map((member) => member.split(':').map((part) => part.trim()))
    .flatMap(([name = '', value = '']) => (name === '' ? [] : [`${name} ${valueText(value)}`]))
    .join(', ');
}

/** Products and powers of whole numbers are all that limits are written as. */
function computed(text: string): number {
  const [base = '', exponent] = text.replaceAll('_', '').split('**');
  if (exponent !== undefined) return Number(base) ** Number(exponent);
  return base.split('*').reduce((product, factor) => product * Number(factor), 1);
}

const sentence = (doc: string): string =>
  doc
    .split('\n')
    .map((line) => line.replace(/^\s*\*?\s?/, ''))
    .join(' ')
    .replace(/\s+/g, ' ')
    .trim();

const parameters = (): readonly string[] =>
  table(
    ['parameter', 'bytes'],
    [...parameterBytes].map(([name, bytes]) => [`\`${name}\``, grouped(bytes)]),
  );

/** What belongs to commands, development and the databases is no affair of whoever asks. */
const inside = /^src\/(?:cli|workbench|operations|store)\/|\/testing\/|\.test\.ts$/;

/** Every limit of the source, room by room. */
export function heldLimits(): readonly Held[] {
  const files = readdirSync(new URL('src/', root), { recursive: true, encoding: 'utf8' })
    .map((name) => `src/${name.replaceAll('\\', '/')}`)
    .filter((file) => file.endsWith('.ts') && !inside.test(file))
    .toSorted();
  return files.flatMap((file) =>
    [...readFileSync(new URL(file, root), 'utf8').matchAll(pattern)].map(({ groups = {} }) => {
      const { doc = '', name = '', value = '' } = groups;
      return { room: file.split('/')[1] ?? '', file, name, value: valueText(value), says: sentence(doc) };
    }),
  );
}

const inWords = (name: string): string => name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

function sizes(): readonly string[] {
  const all = heldLimits();
  const rooms = [...new Set(all.map(({ room }) => room))];
  return rooms.flatMap((room) => [
    '',
    `### \`${room}\``,
    '',
    ...table(
      ['limit', 'value', 'what the source says', 'where'],
      all
        .filter((held) => held.room === room)
        .map(({ name, value, says, file }) => [inWords(name), value, says, `\`${file}\``]),
    ),
  ]);
}

function passwords(): readonly string[] {
  const { threshold, minimumSeconds, maximumSeconds } = b2cLockout;
  return [
    '## Passwords',
    '',
    `An account is locked after ${threshold} wrong passwords, for ${minimumSeconds} s; every ten locks last twice as long as the ten before, up to`,
    `${grouped(maximumSeconds)} s. The tenant may choose other figures. A wrong password that is repeated counts once. Browsers where the person has`,
    'signed in before are counted apart, each by itself: nobody who fails elsewhere locks them out there. A name without an account is counted',
    'and locked alike. An address that has sent too many wrong passwords is told what a locked account is told, whatever it sends, except from',
    'browsers of the person. A journey ends when twenty proofs in it have failed (`AADB2C90157`).',
    '',
    'In front of the threads that hash, each address has a lane: turns go round the lanes, and a lane gets another place while it has fewer than',
    'are free. So one address has at most half of the places, and the next one is let in, however many there are. Whoever gets none is answered',
    '503 with `Retry-After` before anything is read or counted. Secrets of applications are random and kept as digests: they, refreshing and',
    'tokens of applications never wait there.',
  ];
}

/** The whole page. */
export function limitsPage(): string {
  const { addressAtTenant, tenant } = documentedQuotas;
  return [
    '# Limits',
    '',
    'Printed from the source by `node scripts/print-docs.ts`; a test compares the two. Do not edit by hand.',
    '',
    '## What strangers may ask',
    '',
    '`--limits generous|strict|none`. An address is a version 4 address or the /64 of a version 6 address; behind proxies it is the one they',
    'forward (docs/production.md). So much can be asked at once, and evenly ever after. Each process counts for itself: three processes allow',
    'three times as much. What an attacker would gain by that, tries at an account and at a code, is counted in the database for all of them.',
    '',
    ...strangers(),
    '',
    'With the generous figures a school of 2,000 signs in behind one address within five minutes, three times over. A request that has much kept',
    'for it (parameters beyond 2 KB) counts as several. The machine itself is counted only under `strict`: where no trusted proxy is named,',
    'everybody may seem to come from there.',
    '',
    'Whoever asks for more is answered 429 with `Retry-After`: people by a page, programs in JSON with `AADB2C90244` (at the tenant itself',
    '`AADSTS90055`). Where a tenant has too many sign-ins, the application that begins one is sent `AADB2C90244` in place of a code. All of that',
    'is the same for names with and without an account.',
    '',
    ...passwords(),
    '',
    '## Management requests',
    '',
    '`--throttling generous|documented|none`; one more is answered 429 with `Retry-After`.',
    '',
    ...management(),
    '',
    '## Quotas of Azure AD B2C',
    '',
    `With \`--throttling documented\` each address may make ${rateText(addressAtTenant)} at a tenant, and each tenant spend ${rateText(tenant)}:`,
    'a token, discovery, keys, userinfo and signing out cost 1; an authorization request costs 4 at a flow that signs in, 6 at one that signs up',
    'or knows phones, and 2 more each where a second factor or age gating is on. A flow for both costs what a sign-in does, since nobody has said',
    'yet what they want.',
    '',
    '## Settings',
    '',
    ...table(
      ['setting', 'default', 'meaning'],
      settings.map((name) => {
        const { default: value, unit = '', sentence: says } = optionOf(name);
        return [`\`${flagOf(name)}\``, `${grouped(Number(value))} ${unit}`, says];
      }),
    ),
    '',
    '## Parameters of authorization and logout requests',
    '',
    'A longer one is refused with `AADB2C90122`; one sent twice is refused; others are ignored and kept nowhere.',
    '',
    ...parameters(),
    '',
    '## Sizes and counts',
    '',
    'Of everything that is kept, read or answered. What is longer, or one more, is refused, cut or forgotten as the source says.',
    ...sizes(),
    '',
  ].join('\n');
}
