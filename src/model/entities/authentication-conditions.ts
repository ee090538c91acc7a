import { boolean, collection, complex, complexType, string } from '../property.ts';
import { clientId } from './common.ts';

/** Addressed by its `appId`; published as an entity that is contained. */
const authenticationConditionApplication = complexType(
  'authenticationConditionApplication',
  { appId: string({ ...clientId, required: true }) },
  'https://learn.microsoft.com/graph/api/resources/authenticationconditionapplication',
);

const authenticationConditionsApplications = complexType(
  'authenticationConditionsApplications',
  {
    includeAllApplications: boolean({ default: false }),
    includeApplications: collection(complex(authenticationConditionApplication), { keyedBy: 'appId' }),
  },
  'https://learn.microsoft.com/graph/api/resources/authenticationconditionsapplications',
);

const authenticationConditions = complexType(
  'authenticationConditions',
  { applications: complex(authenticationConditionsApplications, { nullable: true, default: {} }) },
  'https://learn.microsoft.com/graph/api/resources/authenticationconditions',
);

/** For which applications an events flow or a listener is there. Null is stored as no application. */
export const conditions = complex(authenticationConditions, { nullable: true, default: {} });

/** Of events flows and listeners. */
export const eventPermissions = {
  read: ['EventListener.Read.All', 'EventListener.ReadWrite.All'],
  write: ['EventListener.ReadWrite.All'],
} as const;
