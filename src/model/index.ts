/** What the resources of the management API are. The single source of `$metadata`, validation, storage and forms. */

export { allTypes, derivedFrom, sets, typeByName } from './catalogue.ts';
export { complete, merge, restore, restoreOnly, sparse } from './complete.ts';
export { graphDelegatedPermissions } from './delegated-permissions.ts';
export * as entities from './entities/index.ts';
export { apiConnectorPositions } from './entities/user-flow-api-connector-configuration.ts';
export {
  contains,
  type Deprecated,
  type Draft,
  type EntityOf,
  type EntitySet,
  type EntityType,
  entity,
  familyOf,
  isA,
  isUnbounded,
  type Kind,
  type MediaStream,
  type Method,
  type Navigation,
  type Operation,
  type Permissions,
  type Place,
  type Ref,
  references,
  type Version,
  type View,
} from './entity.ts';
export {
  type ApplicationPermission,
  graphAppId,
  graphPermissionName,
  graphPermissions,
  isApplicationPermission,
  type PermissionName,
} from './permissions.ts';
export * as property from './property.ts';
export {
  bareTypeName,
  type ComplexType,
  type EnumType,
  type Origin,
  type Property,
  type PropertyRules,
  type PropertyType,
  type Shape,
  typeMember,
  typeOfValue,
  typesOf,
} from './property.ts';
export {
  type Comparison,
  everyItem,
  everyPage,
  type Filter,
  type FunctionName,
  fold,
  functionNames,
  largestPage,
  namesIn,
  type Operand,
  type Order,
  type Page,
  type Path,
  type Query,
  type Scalar,
} from './query.ts';
export { demandId, isId, type ValidateOptions, validate, validateParameters } from './validate.ts';
export { wordsOf } from './words.ts';
