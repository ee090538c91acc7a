import type { EntityOf, entities } from '../../model/index.ts';

export type Conditions = EntityOf<typeof entities.authenticationEventsFlow>['conditions'];

/** No application: what null means, and what stands when nothing was said. */
const nobody = { applications: { includeAllApplications: false, includeApplications: [] } } as const;

/** Null in its plain form, and each application once. Undefined stays: an update may not name the conditions. */
export function plainConditions(given: Conditions | undefined): Conditions | undefined {
  if (given === undefined) return undefined;
  const applications = given === null ? null : given.applications;
  if (applications === null) return nobody;
  // An update may name one member alone.
  const named: Partial<NonNullable<typeof applications>> | undefined = applications;
  if (named?.includeApplications === undefined) return given;
  const once = new Set(named.includeApplications.map(({ appId }) => appId.toLowerCase()));
  const includeApplications = [...once].map((appId) => ({ appId }));
  return { ...given, applications: { ...applications, includeApplications } };
}

/** The client ids that conditions name; undefined when an update does not name them. */
export function appIdsOf(given: Conditions | undefined): readonly string[] | undefined {
  const named: readonly { readonly appId: string }[] | undefined = given?.applications?.includeApplications;
  return named?.map(({ appId }) => appId);
}
