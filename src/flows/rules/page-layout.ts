import {
  type BuiltIn,
  type BuiltInContext,
  behaviour,
  type OperationCall,
  type PrepareContext,
} from '../../directory/index.ts';
import { type Draft, type EntityOf, entities } from '../../model/index.ts';
import { faults } from '../faults.ts';
import { type FlowPage, pageNamed, pagesOf } from '../localization/pages.ts';
import { isPageUri, pageUriClaims } from '../page-uri.ts';
import { typeOfFlow } from './user-flow.ts';

const { userFlowPageLayout } = entities;

type Layout = EntityOf<typeof userFlowPageLayout>;
type LayoutDraft = Draft<typeof userFlowPageLayout>;

async function builtIn({ within, reader }: BuiltInContext): Promise<readonly BuiltIn[]> {
  const flow = within && (await reader.get(within.parent));
  if (!flow) return [];
  return pagesOf('b2c', typeOfFlow(flow)).map((page) => ({ id: page.id, values: defaultsOf(page) }));
}

const defaultsOf = ({ displayName, versions: [latest] }: FlowPage) => ({
  displayName,
  isCustomPageUri: false,
  pageUri: null,
  ...(latest === undefined ? {} : { version: latest }),
});

/** Pages of a flow: which there are depends on its type, so nobody creates or removes one. */
export const pageLayoutRules = behaviour({
  type: userFlowPageLayout,
  builtIn,
  async prepare(
    draft: LayoutDraft,
    { verb, current }: PrepareContext<typeof userFlowPageLayout>,
  ): Promise<LayoutDraft> {
    const { pageUri, id = current?.id ?? '' } = draft;
    if (typeof pageUri === 'string' && !isPageUri(pageUri)) {
      throw faults.badPageUri({ allowed: pageUriClaims.map((claim) => `{${claim}}`).join(', '), target: 'pageUri' });
    }
    const custom = pageUri === undefined ? {} : { isCustomPageUri: pageUri !== null };
    if (verb === 'update') return { ...draft, ...custom };
    const page = pageNamed(id);
    if (!page) throw faults.unknownPage({ page: id });
    return { ...defaultsOf(page), ...draft, ...custom, id: page.id };
  },
  async check({ id, version }: Layout, { reader, within }): Promise<void> {
    const flow = within && (await reader.get(within.parent));
    if (!flow) return;
    const page = pagesOf('b2c', typeOfFlow(flow)).find((one) => one.id === id);
    if (!page) throw faults.unknownPage({ page: id });
    if (!page.versions.includes(version)) {
      throw faults.badPageVersion({ version, page: id, allowed: page.versions.join(', '), target: 'version' });
    }
  },
  operations: {
    availableVersions: async ({ target }: OperationCall<typeof userFlowPageLayout>) =>
      pageNamed(target?.entity.id ?? '')?.versions ?? [],
    async restoreDefaultPageUri({
      trusted,
      directory,
      target,
      within,
    }: OperationCall<typeof userFlowPageLayout>): Promise<void> {
      if (!target) return;
      const ref = { type: userFlowPageLayout, id: target.entity.id, ...(within ? { within } : {}) };
      await directory.update(trusted, ref, { pageUri: null });
    },
  },
});
