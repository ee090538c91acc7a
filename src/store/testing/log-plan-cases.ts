import { type EntityType, entities, type Filter, type Order } from '../../model/index.ts';
import type { NewRow } from '../store.ts';
import type { PlanCase } from './plan-cases.ts';

const { directoryAudit, signIn } = entities;

const eq = (path: string, value: string | number): Filter => ({ op: 'eq', path: path.split('/'), value });
const starts = (path: string, value: string): Filter => ({ op: 'startsWith', path: path.split('/'), value });
const since = (path: string): Filter => ({ op: 'ge', path: [path], value: '2026-01-05T00:00:00Z' });
const target = (where: Filter): Filter => ({ op: 'any', path: ['targetResources'], where });

const by = (type: EntityType, column: string): PlanCase['by'] => [
  new RegExp(`^[ouv]_[et]_${type.name}_\\w*${column}`),
  column,
];

/** Of a collection, single values are indexed. */
const members: PlanCase['by'] = [/^p_directoryAudit_|PRIMARY KEY/, 'value'];

/** The filters that the reference documents for the log, each from the newest entry on, as it is read. */
const casesOf = (
  type: EntityType,
  time: string,
  filters: readonly (readonly [asked: string, filter: Filter, index: string | PlanCase['by']])[],
): readonly PlanCase[] => {
  const order: readonly Order[] = [{ path: [time], descending: true }];
  return filters.map(([asked, filter, index]) => ({
    type,
    asked: `${type.name}: ${asked}`,
    query: { filter, order },
    by: typeof index === 'string' ? by(type, index) : index,
  }));
};

export const logPlanCases: readonly PlanCase[] = [
  ...casesOf(directoryAudit, 'activityDateTime', [
    ['activityDateTime ge 2026-01-05', since('activityDateTime'), 'activityDateTime'],
    ["activityDisplayName eq 'x'", eq('activityDisplayName', 'Activity 7'), 'activityDisplayName'],
    ["startswith(activityDisplayName,'x')", starts('activityDisplayName', 'Activity 7'), 'activityDisplayName'],
    ["category eq 'x'", eq('category', 'Category 7'), 'category'],
    ["loggedByService eq 'x'", eq('loggedByService', 'Service 7'), 'loggedByService'],
    ["correlationId eq 'x'", eq('correlationId', 'c7'), 'correlationId'],
    ["result eq 'failure'", eq('result', 'failure'), 'result'],
    ["initiatedBy/user/id eq 'x'", eq('initiatedBy/user/id', 'u7'), 'initiatedBy_user_id'],
    [
      "initiatedBy/user/displayName eq 'x'",
      eq('initiatedBy/user/displayName', 'User 7'),
      'initiatedBy_user_displayName',
    ],
    [
      "startswith(initiatedBy/user/userPrincipalName,'x')",
      starts('initiatedBy/user/userPrincipalName', 'p7'),
      'initiatedBy_user_userPrincipalName',
    ],
    ["initiatedBy/app/appId eq 'x'", eq('initiatedBy/app/appId', 'a8'), 'initiatedBy_app_appId'],
    ["initiatedBy/app/displayName eq 'x'", eq('initiatedBy/app/displayName', 'App 8'), 'initiatedBy_app_displayName'],
    ["targetResources/any(t:t/id eq 'x')", target(eq('id', 't7')), members],
    ["targetResources/any(t:t/displayName eq 'x')", target(eq('displayName', 'Target 7')), members],
    ["targetResources/any(t:startswith(t/displayName,'x'))", target(starts('displayName', 'Target 7')), members],
  ]),
  ...casesOf(signIn, 'createdDateTime', [
    ['createdDateTime ge 2026-01-05', since('createdDateTime'), 'createdDateTime'],
    ["userId eq 'x'", eq('userId', 'u7'), 'userId'],
    ["userDisplayName eq 'x'", eq('userDisplayName', 'User 7'), 'userDisplayName'],
    ["startswith(userPrincipalName,'x')", starts('userPrincipalName', 'p7'), 'userPrincipalName'],
    ["appId eq 'x'", eq('appId', 'a8'), 'appId'],
    ["startswith(appDisplayName,'x')", starts('appDisplayName', 'App 8'), 'appDisplayName'],
    ["ipAddress eq 'x'", eq('ipAddress', '203.0.113.7'), 'ipAddress'],
    ["correlationId eq 'x'", eq('correlationId', 'c7'), 'correlationId'],
    ['status/errorCode eq 7', eq('status/errorCode', 7), 'errorCode'],
  ]),
];

const time = (n: number): string => `2026-01-${String(1 + (n % 28)).padStart(2, '0')}T00:00:00Z`;

const audit = (n: number): NewRow => ({
  ref: { type: directoryAudit, id: `l${n}` },
  values: {
    activityDateTime: time(n),
    activityDisplayName: `Activity ${n % 90}`,
    category: `Category ${n % 90}`,
    loggedByService: `Service ${n % 90}`,
    correlationId: `c${n}`,
    result: n % 100 ? 'success' : 'failure',
    initiatedBy:
      n % 2
        ? { user: { id: `u${n}`, displayName: `User ${n}`, userPrincipalName: `p${n}@contoso.example` } }
        : { app: { appId: `a${n}`, displayName: `App ${n}` } },
    targetResources: [{ id: `t${n}`, displayName: `Target ${n}` }],
  },
});

const entry = (n: number): NewRow => ({
  ref: { type: signIn, id: `s${n}` },
  values: {
    createdDateTime: time(n),
    userId: `u${n}`,
    userDisplayName: `User ${n}`,
    userPrincipalName: `p${n}@contoso.example`,
    appId: `a${n}`,
    appDisplayName: `App ${n}`,
    ipAddress: `203.0.113.${n}`,
    correlationId: `c${n}`,
    status: { errorCode: n },
  },
});

/** Entries enough that no index is as good as another. */
export const logPlanRows: readonly NewRow[] = Array.from({ length: 300 }, (_, n) => [audit(n), entry(n)]).flat();
