import { pkcs12For } from '../certificate.ts';
import { graph } from '../federation.ts';
import { newFlow } from '../flow-settings.ts';
import { type Answering, json, listeningApi } from '../listening-api.ts';
import { seeded } from '../usher.ts';
import { newVisitor } from '../visitor.ts';
import { type Bench, type Raised, raisedBy } from './bench.ts';

const basic = { '@odata.type': '#microsoft.graph.basicAuthentication', username: 'usher', password: 'sesame' };

const certificate = () => ({ '@odata.type': '#microsoft.graph.pkcs12Certificate', ...pkcs12For('usher') });

/** Signs in at a flow that asks an API, which answers so, and gives up on the page that says it. */
const asking =
  (answering: Answering, authenticationConfiguration: object = basic) =>
  async (bench: Bench): Promise<Raised> => {
    const { usher } = bench;
    const api = await listeningApi();
    try {
      api.answering = answering;
      const draft = { displayName: 'Check', targetUrl: api.origin, authenticationConfiguration };
      const { id } = await graph(usher, 'POST', '/beta/identity/apiConnectors', draft);
      const flow = await newFlow(usher, { userFlowType: 'signIn' });
      const place = `/beta/identity/b2cUserFlows/${flow}/apiConnectorConfiguration/preTokenIssuance/$ref`;
      await graph(usher, 'PUT', place, { '@odata.id': `${usher.url}/beta/identity/apiConnectors/${id}` });
      const visitor = newVisitor(usher);
      const signedIn = { email: seeded.user, password: seeded.password };
      const shown = await visitor.submit(await bench.authorize({}, flow, visitor), 'next', signedIn);
      return raisedBy(await visitor.submit(shown, 'cancel'));
    } finally {
      await api.close();
    }
  };

export const refusedPassword = asking(json({}, 401));
export const refusedCertificate = asking(json({}, 403), certificate());
export const refusedCall = asking(json({}, 500));
export const unreadAnswer = asking(json([]));
export const noAnswer = asking((_, __, request) => void request.socket.destroy());
