import { defineFaults } from '../kernel/index.ts';

/**
 * Every refusal of a body. `data.type` is the entity type, `data.name` the member, `data.target` the path to it in the
 * body (`identities/0/issuer`), `data.expected` what would have been accepted. The refused value is never in it.
 */
export const faults = defineFaults('model', {
  notAnObject: { status: 400, message: "The body of a '{type}' must be a JSON object." },
  abstractType: { status: 400, message: "'{type}' is abstract: name a concrete type with '@odata.type'." },
  unknownProperty: { status: 400, message: "Invalid property '{name}'." },
  duplicateProperty: { status: 400, message: "Property '{name}' is named more than once." },
  readOnlyProperty: { status: 400, message: "Property '{name}' is read-only and cannot be set." },
  immutableProperty: { status: 400, message: "Property '{name}' cannot be changed after creation." },
  requiredProperty: { status: 400, message: "Property '{name}' is required." },
  nullProperty: { status: 400, message: "Property '{name}' cannot be null." },
  invalidValue: { status: 400, message: "The value of property '{name}' must be {expected}." },
  tooMany: { status: 400, message: "Property '{name}' holds more than {expected}." },
});
