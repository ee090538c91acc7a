import type { Screen } from '../../flows/index.ts';
import { controlClass } from '../fields.ts';
import type { Content } from '../layouts/shell.ts';
import type { Voice } from '../words.ts';
import type { Globals } from './document.ts';

/** Names of B2C's own interfaces behind the pages (b2c contract e.1). */
const apis: Readonly<Record<Content['dataName'], string>> = {
  Unified: 'CombinedSigninAndSignup',
  ProviderSelection: 'ProviderSelection',
  SelfAsserted: 'SelfAsserted',
  Phonefactor: 'Phonefactor',
  GlobalException: 'GlobalException',
  SignedOut: 'SignedOut',
  DeviceCode: 'DeviceCode',
};

export interface GlobalsContext {
  readonly voice: Voice;
  readonly dataName: Content['dataName'];
  readonly remoteResource: string;
  readonly tenantId: string;
  readonly flowId: string;
}

/**
 * What scripts of custom pages read: where they are, the words of the page, and its fields (b2c contract e.3). Nothing with which
 * a form could be sent: that is the page's own business.
 */
export function globalsOf(screen: Screen | undefined, context: GlobalsContext): Globals {
  const { voice, dataName, remoteResource, tenantId, flowId } = context;
  const actions = (screen?.actions ?? []).map(({ name, label }) => [`button_${name}`, voice.tell(label)]);
  const labels = (screen?.fields ?? []).map(({ name, label }) => [name, voice.tell(label)]);
  return {
    SETTINGS: {
      remoteResource,
      api: apis[dataName],
      hosts: { tenant: `/${tenantId}/${flowId}`, policy: flowId, static: '/assets/' },
      locale: { lang: voice.tag },
    },
    CONTENT: {
      ...(screen ? { heading: voice.tell(screen.heading) } : {}),
      ...(screen?.intro ? { intro: voice.tell(screen.intro) } : {}),
      ...Object.fromEntries([...labels, ...actions]),
    },
    SA_FIELDS: {
      AttributeFields: (screen?.fields ?? []).map(({ name, input, label, required }) => ({
        ID: name,
        DN: voice.tell(label),
        UX_INPUT_TYPE: controlClass[input],
        IS_REQUIRED: required,
      })),
    },
  };
}
