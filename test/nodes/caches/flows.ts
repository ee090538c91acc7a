/** What nodes keep of user flows. */
import { giveProvider, graph } from '../../support/federation.ts';
import { newFlow, setFlow } from '../../support/flow-settings.ts';
import { authorize } from '../../support/sign-in.ts';
import { seeded, type Usher } from '../../support/usher.ts';
import { newVisitor, type Visit } from '../../support/visitor.ts';
import { type Cache, isOdd } from './cache.ts';

const open = (front: Usher, flow: string): Promise<Visit> => newVisitor(front).open(authorize(front, {}, flow).url);

const flowsPath = '/beta/identity/b2cUserFlows';

export const flowCaches: readonly Cache[] = [
  {
    file: 'src/flows/plans.ts',
    what: 'the plan of a flow',
    async prepare({ front }) {
      const [flow, elsewhere] = [await newFlow(front), await giveProvider(front)];
      await elsewhere.server.close();
      const links = `${flowsPath}/${flow}/identityProviders`;
      const reference = { '@odata.id': `${front.url}/beta/identity/identityProviders/${elsewhere.id}` };
      return {
        async change(turn) {
          if (isOdd(turn)) await graph(front, 'POST', `${links}/$ref`, reference);
          else if (turn > 0) await graph(front, 'DELETE', `${links}/${elsewhere.id}/$ref`);
        },
        sees: async (turn) => (await open(front, flow)).html.includes(`id="${elsewhere.button}"`) === isOdd(turn),
      };
    },
  },
  {
    file: 'src/flows/presentation.ts',
    what: 'the look of a flow',
    async prepare({ front }) {
      const flow = await newFlow(front);
      const colour = (turn: number): string => `#10203${turn}`;
      return {
        change: (turn) => setFlow(front, { settings: { branding: { backgroundColor: colour(turn) } } }, flow),
        sees: async (turn) => (await open(front, flow)).html.includes(colour(turn)),
      };
    },
  },
  {
    file: 'src/flows/localization/localization.ts',
    what: 'the languages of a flow',
    async prepare({ front }) {
      const flow = await newFlow(front, { isLanguageCustomizationEnabled: true });
      const tag = (turn: number): string => (isOdd(turn) ? 'de' : 'en');
      await graph(front, 'PUT', `${flowsPath}/${flow}/languages/de`, { id: 'de', isEnabled: true });
      return {
        change: (turn) => setFlow(front, { defaultLanguageTag: tag(turn) }, flow),
        sees: async (turn) => (await open(front, flow)).html.includes(` lang="${tag(turn)}"`),
      };
    },
  },
  {
    file: 'src/flows/localization/localization.ts',
    what: 'the words of a page',
    async prepare({ front }) {
      const flow = await newFlow(front, { isLanguageCustomizationEnabled: true });
      const page = `${flowsPath}/${flow}/languages/en/overridesPages/signuporsignin/$value`;
      const words = (turn: number): string => `Come in, turn ${turn}`;
      const text = (turn: number) => ({
        LocalizedStrings: [
          { ElementType: 'UxElement', ElementId: null, StringId: 'heading', Override: true, Value: words(turn) },
        ],
      });
      return {
        change: async (turn) => void (await graph(front, 'PUT', page, text(turn))),
        sees: async (turn) => (await open(front, flow)).html.includes(words(turn)),
      };
    },
  },
  {
    file: 'src/oidc/tenant.ts',
    what: 'what the protocol knows of a flow',
    async prepare({ front }) {
      const flow = await newFlow(front);
      const metadata = `${front.url}/${seeded.tenant}/${flow}/v2.0/.well-known/openid-configuration`;
      return {
        change: (turn) => setFlow(front, { tokenClaimsConfiguration: { isIssuerEntityUserFlow: isOdd(turn) } }, flow),
        async sees(turn) {
          const { issuer } = (await (await fetch(metadata)).json()) as { readonly issuer: string };
          return issuer.includes('/tfp/') === isOdd(turn);
        },
      };
    },
  },
  {
    file: 'src/federation/federation.ts',
    what: 'an identity provider',
    async prepare({ front }) {
      const elsewhere = await giveProvider(front);
      const flow = await newFlow(front, { identityProviders: [{ id: elsewhere.id }] });
      const clientId = (turn: number): string => `usher-${turn}`;
      return {
        async change(turn) {
          const type = { '@odata.type': '#microsoft.graph.openIdConnectIdentityProvider' };
          const path = `/beta/identity/identityProviders/${elsewhere.id}`;
          await graph(front, 'PATCH', path, { ...type, clientId: clientId(turn) });
        },
        async sees(turn) {
          const visitor = newVisitor(front);
          const { left } = await visitor.submit(await visitor.open(authorize(front, {}, flow).url), elsewhere.button);
          return left?.searchParams.get('client_id') === clientId(turn);
        },
        end: elsewhere.server.close,
      };
    },
  },
];
