import { behaviour, type OperationCall } from '../../directory/index.ts';
import { usedBy } from '../../identity/index.ts';
import { flawOfOutsideUrl } from '../../kernel/index.ts';
import { type Draft, type EntityOf, entities } from '../../model/index.ts';
import { type Configuration, checkConfiguration, type Findings } from './extension-check.ts';
import { faults } from './faults.ts';

const type = entities.customAuthenticationExtension;
type Extension = EntityOf<typeof type>;
type ExtensionDraft = Draft<typeof type>;

/** Graph contract c.7. */
const maxExtensions = 100;

/** Throws `flows.badExtensionUrl`. */
function demandEndpoint({ endpointConfiguration }: ExtensionDraft): void {
  const targetUrl: string | undefined = endpointConfiguration?.targetUrl;
  const reason = targetUrl === undefined ? undefined : flawOfOutsideUrl(targetUrl);
  if (reason !== undefined) throw faults.badExtensionUrl({ reason, target: 'endpointConfiguration/targetUrl' });
}

/** What the declaration of a custom authentication extension cannot express (Graph contract a.9, b.12). */
export const extensionRules = behaviour({
  type,
  async prepare(draft: ExtensionDraft): Promise<ExtensionDraft> {
    demandEndpoint(draft);
    // Accepted and without meaning (Graph contract e row 88).
    return draft.behaviorOnError ? { ...draft, behaviorOnError: null } : draft;
  },
  atMost: { maximum: maxExtensions, full: faults.tooManyExtensions },
  async checkRemove({ id }: Extension, { reader }): Promise<void> {
    const user = await usedBy({ type, id }, reader);
    if (user !== undefined) throw faults.extensionInUse({ id, user });
  },
  operations: {
    /** Of the extension it is called on, or of the configuration that is sent to the collection. */
    validateAuthenticationConfiguration({
      target,
      parameters,
      directory,
    }: OperationCall<typeof type>): Promise<Findings> {
      const { endpointConfiguration = null, authenticationConfiguration } = parameters as unknown as Configuration;
      return checkConfiguration(target?.entity ?? { endpointConfiguration, authenticationConfiguration }, directory);
    },
  },
});
