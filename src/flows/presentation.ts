import { changedId, createChangeCache, type Directory } from '../directory/index.ts';
import { type EntityOf, entities, fold } from '../model/index.ts';

const { identityUserFlow, b2cIdentityUserFlow, userFlowPageLayout } = entities;

type B2cFlow = EntityOf<typeof b2cIdentityUserFlow>;

export type LayoutTemplate = B2cFlow['settings']['layoutTemplate'];

/** How one page looks. */
export interface PageLook {
  /** Of its markup, e.g. `2.1.26` (b2c contract e.1). */
  readonly version: string;
  /** Where the HTML around the page comes from, with placeholders; absent: the server's own. */
  readonly uri?: string;
}

/** What a user flow says about its looks. */
export interface Presentation {
  readonly flowId: string;
  readonly template: LayoutTemplate;
  readonly branding: B2cFlow['settings']['branding'];
  /** Scripts of custom pages may run. */
  readonly runsScripts: boolean;
  /** The look of a page by its content definition id without `api.`; undefined: the flow has no such page. */
  lookOf(pageId: string): PageLook | undefined;
}

export interface Presentations {
  /** By user flow id, without regard to case; undefined when there is no such flow. */
  of(flowId: string): Promise<Presentation | undefined>;
}

/** Kept at once; a tenant may have 200 flows (b2c contract k). */
const capacity = 200;

/** More than a flow has pages. */
const mostPages = 100;

const plain: Pick<Presentation, 'template' | 'branding' | 'runsScripts'> = {
  template: 'usher',
  branding: { bannerLogoUrl: null, backgroundImageUrl: null, backgroundColor: null, accentColor: null },
  runsScripts: false,
};

/** Kept until the flow or one of its pages changes, so that showing a page asks the store for nothing. */
export function createPresentations(directory: Directory): Presentations {
  async function looksOf(id: string): Promise<ReadonlyMap<string, PageLook>> {
    const within = [{ parent: { type: b2cIdentityUserFlow, id }, navigation: 'pageLayouts' }];
    const { items } = await directory.find({ type: userFlowPageLayout, within, limit: mostPages });
    return new Map(
      items.map(({ entity: { id: page, version, pageUri } }) => [
        fold(page),
        { version, ...(pageUri === null ? {} : { uri: pageUri }) },
      ]),
    );
  }

  async function read(flowId: string): Promise<Presentation | undefined> {
    const flow = await directory.get({ type: b2cIdentityUserFlow, id: flowId });
    if (!flow) return readGuests(flowId);
    const { id, settings, isJavaScriptEnabled } = flow.entity;
    const looks = await looksOf(id);
    return {
      flowId: id,
      template: settings.layoutTemplate,
      branding: settings.branding,
      runsScripts: isJavaScriptEnabled,
      lookOf: (page) => looks.get(fold(page)) ?? looks.get(fold(page.replace(/\.[^.]*$/, ''))),
    };
  }

  /** Guests see the server's own pages: their flows have no settings. */
  async function readGuests(flowId: string): Promise<Presentation | undefined> {
    const flow = await directory.get({ type: identityUserFlow, id: flowId });
    return flow && { ...plain, flowId: flow.entity.id, lookOf: () => undefined };
  }

  const cache = createChangeCache(directory, {
    types: [identityUserFlow],
    concerns: (change, _, id) => changedId(change, identityUserFlow) === id,
    load: read,
    capacity,
  });
  return { of: (flowId) => cache.get(flowId) };
}
