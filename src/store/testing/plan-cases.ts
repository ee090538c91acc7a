import { type EntityType, entities, type Filter, type Order, type Page, type Query } from '../../model/index.ts';
import { createCatalogue } from '../catalogue.ts';
import type { Limits } from '../limits.ts';
import type { Dialect } from '../sql/dialect.ts';
import type { Fragment } from '../sql/fragment.ts';
import { findPage } from '../sql/page.ts';
import type { NewRow, Row } from '../store.ts';

const { user } = entities;

/** A query of the management API, and what leads to its answer among a million users. */
export interface PlanCase {
  /** As a caller writes it. */
  readonly asked: string;
  /** Of which type; absent: of users. */
  readonly type?: EntityType;
  readonly query: Pick<Query, 'filter' | 'order' | 'count'>;
  /** The index, and the column that it is entered by. */
  readonly by: readonly [index: RegExp, column: string];
}

const eq = (name: string, value: string | boolean): Filter => ({ op: 'eq', path: [name], value });
const starts = (name: string, value: string): Filter => ({ op: 'startsWith', path: [name], value });
const any = (name: string, where: Filter): Filter => ({ op: 'any', path: [name], where });
const and = (...terms: readonly Filter[]): Filter => ({ op: 'and', terms });
const or = (...terms: readonly Filter[]): Filter => ({ op: 'or', terms });
const word = (value: string): Filter => ({ op: 'word', path: ['displayName'], value });
const byName: readonly Order[] = [{ path: ['displayName'], descending: false }];
const newest: readonly Order[] = [{ path: ['createdDateTime'], descending: true }];
const signIn = (...more: readonly Filter[]): Filter =>
  any('identities', and(eq('issuerAssignedId', 'person7'), eq('issuer', 'contoso.example'), ...more));

const column = (name: string): readonly [RegExp, string] => [new RegExp(`^[ou]_e_user_\\w+_${name}$`), name];
const postings: readonly [RegExp, string] = [/^p_user_|PRIMARY KEY/, 'value'];
const order: readonly [RegExp, string] = [/^k_e_user$/, 'tenant'];
const extension = 'extension_d09380e2b4c6429a203fb816a04a7ad0_tier';

export const planCases: readonly PlanCase[] = [
  {
    asked: "identities/any(c:c/issuerAssignedId eq 'x' and c/issuer eq 'y')",
    query: { filter: signIn() },
    by: [/^u_t_user_identities/, 'issuerAssignedId'],
  },
  {
    asked: "identities/any(c:c/issuerAssignedId eq 'x' and c/issuer eq 'y' and c/signInType eq 'z')",
    query: { filter: signIn(eq('signInType', 'userName')), order: byName },
    by: [/^u_t_user_identities/, 'issuerAssignedId'],
  },
  { asked: "id eq 'x'", query: { filter: eq('id', 'u7') }, by: [/^k_e_user$/, 'key'] },
  {
    asked: "userPrincipalName eq 'x'",
    query: { filter: eq('userPrincipalName', 'p7@contoso.example') },
    by: column('userPrincipalName'),
  },
  {
    asked: "userPrincipalName in ('x','y')",
    query: { filter: { op: 'in', path: ['userPrincipalName'], values: ['p7@contoso.example', 'y'] } },
    by: column('userPrincipalName'),
  },
  { asked: "mail eq 'x'", query: { filter: eq('mail', 'm7@contoso.example') }, by: column('mail') },
  { asked: "startswith(displayName,'a')", query: { filter: starts('displayName', 'a') }, by: column('displayName') },
  {
    asked: "startswith(displayName,'a')&$orderby=displayName",
    query: { filter: starts('displayName', 'a'), order: byName, count: true },
    by: column('displayName'),
  },
  {
    asked: "accountEnabled eq true and startswith(displayName,'a')",
    query: { filter: and(eq('accountEnabled', true), starts('displayName', 'a')), count: true },
    by: column('displayName'),
  },
  {
    asked: "accountEnabled eq true and startswith(displayName,'a')&$orderby=displayName",
    query: { filter: and(eq('accountEnabled', true), starts('displayName', 'a')), order: byName },
    by: column('displayName'),
  },
  {
    asked: 'accountEnabled eq false',
    query: { filter: eq('accountEnabled', false), order: [{ path: ['accountEnabled'], descending: false }] },
    by: column('accountEnabled'),
  },
  {
    asked: "startswith(displayName,'a') or startswith(surname,'b')",
    query: { filter: or(starts('displayName', 'a'), starts('surname', 'b')) },
    by: column('surname'),
  },
  { asked: '$orderby=displayName', query: { order: byName }, by: [/^o_e_user_text_displayName$/, 'tenant'] },
  {
    asked: '$orderby=createdDateTime desc',
    query: { order: newest },
    by: [/^o_e_user_text_createdDateTime$/, 'tenant'],
  },
  {
    asked: '$orderby=userPrincipalName',
    query: { order: [{ path: ['userPrincipalName'], descending: false }] },
    by: [/^[ou]_e_user_text_userPrincipalName$/, 'tenant'],
  },
  {
    asked: "startswith(userPrincipalName,'p')&$orderby=userPrincipalName desc",
    query: {
      filter: starts('userPrincipalName', 'p'),
      order: [{ path: ['userPrincipalName'], descending: true }],
    },
    by: [/^[ou]_e_user_text_userPrincipalName$/, 'userPrincipalName'],
  },
  { asked: 'no option', query: {}, by: order },
  { asked: '$count=true', query: { count: true }, by: order },
  {
    asked: 'createdDateTime ge 2026-01-01',
    query: { filter: { op: 'ge', path: ['createdDateTime'], value: '2026-01-05T00:00:00Z' } },
    by: column('createdDateTime'),
  },
  {
    asked: 'createdDateTime ge 2026-01-01&$orderby=createdDateTime desc',
    query: { filter: { op: 'ge', path: ['createdDateTime'], value: '2026-01-05T00:00:00Z' }, order: newest },
    by: column('createdDateTime'),
  },
  { asked: '$search="displayName:vance"', query: { filter: word('vance') }, by: postings },
  {
    asked: '$search="displayName:vance"&$orderby=displayName',
    query: { filter: word('vance'), order: byName, count: true },
    by: postings,
  },
  {
    asked: '$search="displayName:adele vance"',
    query: { filter: and(word('adele'), word('vance')) },
    by: postings,
  },
  {
    asked: "endswith(mail,'@contoso.example')",
    query: { filter: { op: 'endsWith', path: ['mail'], value: '7@contoso.example' }, count: true },
    by: postings,
  },
  {
    asked: "otherMails/any(m:m eq 'x')",
    query: { filter: any('otherMails', { op: 'eq', path: [], value: 'o7' }) },
    by: postings,
  },
  {
    asked: "otherMails/any(m:startswith(m,'x'))",
    query: { filter: any('otherMails', { op: 'startsWith', path: [], value: 'o' }) },
    by: postings,
  },
  { asked: `${extension} eq 'gold'`, query: { filter: eq(extension, 'gold') }, by: postings },
  {
    asked: "displayName ne 'x'",
    query: { filter: { op: 'ne', path: ['displayName'], value: 'Adele' }, count: true },
    by: order,
  },
  {
    asked: "not startswith(displayName,'a')",
    query: { filter: { op: 'not', term: starts('displayName', 'a') }, count: true },
    by: order,
  },
];

const names = ['Adele', 'Alex', 'Bruno', 'Carla'];

/** Users enough that no index is as good as another. */
export const planRows: readonly NewRow[] = Array.from({ length: 300 }, (_, n) => ({
  ref: { type: user, id: `u${n}` },
  values: {
    displayName: `${names[n % names.length]} ${n % 3 ? 'Vance' : 'Koch'}`,
    surname: `${'abcdef'[n % 6]}${n}`,
    mail: `m${n}@contoso.example`,
    userPrincipalName: `p${n}@contoso.example`,
    accountEnabled: n % 5 > 0,
    createdDateTime: `2026-01-${String(1 + (n % 28)).padStart(2, '0')}T00:00:00Z`,
    otherMails: n % 2 ? [`o${n}`] : [],
    identities: [{ issuer: 'contoso.example', issuerAssignedId: `person${n}`, signInType: 'userName' }],
    [extension]: n % 2 ? 'gold' : 'silver',
  },
}));

/** Of 300 users as much as of millions usually: lists that fit, and lists that do not. */
export const planLimits: Readonly<Record<'lists' | 'windows', Limits>> = {
  lists: { listed: 150, window: { first: 60, next: 90 }, walked: { page: 300, count: 300 } },
  windows: { listed: 3, window: { first: 60, next: 90 }, walked: { page: 300, count: 300 } },
};

const catalogue = createCatalogue(Object.values(entities));

/** Every statement that the first two pages of a query put to the database, answered by `ask`. */
export async function statementsOf(
  { type = user, query }: PlanCase,
  limits: Limits,
  { tenantId, dialect, ask }: { tenantId: string; dialect: Dialect; ask: (statement: Fragment) => unknown },
): Promise<readonly Fragment[]> {
  const put: Fragment[] = [];
  let after: string | undefined;
  for (let page = 0; page < 2; page += 1) {
    const asked = { type, limit: 10, ...query, ...(after === undefined ? {} : { after }) };
    const script = findPage({ tenantId, catalogue, dialect }, asked, limits);
    let step = script.next();
    while (!step.done) {
      const { value } = step;
      if (value.wanted !== 'rows') throw new TypeError(`a page asks for ${value.wanted}`);
      put.push(value.statement);
      step = script.next(await ask(value.statement));
    }
    const { next }: Page<Row> = step.value;
    after = next;
    if (after === undefined) break;
  }
  return put;
}
