import { entity } from '../entity.ts';
import { boolean, collection, dateTimeOffset, string } from '../property.ts';

/** A property that an application adds to users and other directory objects (a directory extension). */
export const extensionProperty = entity('extensionProperty', {
  directoryObject: true,
  properties: {
    deletedDateTime: dateTimeOffset({ nullable: true, access: 'server' }),
    appDisplayName: string({ nullable: true, access: 'server' }),
    /** `Binary`, `Boolean`, `DateTime`, `Integer`, `LargeInteger`, `String`. */
    dataType: string({ access: 'create', required: true, maxLength: 32 }),
    isMultiValued: boolean({ access: 'server', default: false }),
    isSyncedFromOnPremises: boolean({ nullable: true, access: 'server', default: false }),
    /** Sent bare, kept as `extension_{appId without hyphens}_{name}`: how it is called on a user. */
    name: string({ access: 'create', required: true, maxLength: 256, unique: true }),
    targetObjects: collection(string({ maxLength: 64 }), { access: 'create', required: true }),
  },
  permissions: {
    read: ['Application.Read.All', 'Application.ReadWrite.All', 'Directory.Read.All', 'Directory.ReadWrite.All'],
    write: ['Application.ReadWrite.All', 'Directory.ReadWrite.All'],
  },
  source: 'https://learn.microsoft.com/graph/api/resources/extensionproperty',
});
