import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { engines } from '../support/engines.ts';
import type { Body } from '../support/golden/example.ts';
import { startUsher, type Usher } from '../support/usher.ts';

interface Answer {
  readonly status: number;
  readonly body: Body;
}

const named = (name: string, members: object = {}) => ({ '@odata.type': `#microsoft.graph.${name}`, ...members });
const [first, second] = ['63856651-13d9-4784-9abf-20758d509e19', 'a13d0fc1-04ab-4ede-b215-63de0174cbb4'];

const signUpFlow = named('externalUsersSelfServiceSignUpEventsFlow');
const collection = 'onAttributeCollectionExternalUsersSelfServiceSignUp';
const input = (attribute: string) => ({ attribute, label: attribute, inputType: 'text' });

for (const engine of engines) {
  describe(`authentication events, on ${engine.name}`, () => {
    let usher: Usher;
    before(async () => {
      usher = await startUsher(engine.options());
    });
    after(() => usher?.stop());

    const call = async (
      method: string,
      path: string,
      body?: unknown,
      headers?: Readonly<Record<string, string>>,
    ): Promise<Answer> => {
      const response = await usher.graph(method, path, body, headers);
      const text = await response.text();
      return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
    };
    const made = async (path: string, body: unknown): Promise<Body> => {
      const answer = await call('POST', path, body);
      assert.equal(answer.status, 201, JSON.stringify(answer.body));
      return answer.body;
    };
    const refused = async (status: number, message: RegExp, ...request: Parameters<typeof call>): Promise<void> => {
      const answer = await call(...request);
      assert.equal(answer.status, status, JSON.stringify(answer.body));
      assert.match(answer.body.error.message, message);
    };

    const extensions = '/v1.0/identity/customAuthenticationExtensions';
    const extension = (members: object = {}) =>
      made(extensions, {
        ...named('onTokenIssuanceStartCustomExtension', members),
        authenticationConfiguration: named('azureAdTokenAuthentication', {
          resourceId: `api://a.contoso.com/${first}`,
        }),
        endpointConfiguration: named('httpRequestEndpoint', { targetUrl: 'https://a.contoso.com/claims' }),
      });

    test('an update names the type of what it updates, where the reference asks for it', async () => {
      const { id } = await extension();
      const asks = /@odata\.type.*#microsoft\.graph\.onTokenIssuanceStartCustomExtension/;
      await refused(400, asks, 'PATCH', `${extensions}/${id}`, { displayName: 'x' });
      await refused(400, asks, 'PATCH', `${extensions}/${id}`, named('onOtpSendCustomExtension', { displayName: 'x' }));
      const typed = named('OnTokenIssuanceStartCustomExtension', { displayName: 'x' });
      assert.equal((await call('PATCH', `${extensions}/${id}`, typed)).status, 204);
      assert.equal((await call('GET', `${extensions}/${id}`)).body.displayName, 'x');
    });

    test('a listener calls an extension, which can be replaced and stays while it is called', async () => {
      const [one, two] = [await extension({ displayName: 'one' }), await extension({ displayName: 'two' })];
      const listeners = '/beta/identity/authenticationEventListeners';
      const handler = 'onTokenIssuanceStartCustomExtensionHandler';
      const created = await made(
        listeners,
        named('onTokenIssuanceStartListener', {
          conditions: { applications: { includeApplications: [{ appId: second }] } },
          handler: named(handler, { customExtension: { id: one.id } }),
        }),
      );
      assert.equal(created.handler.customExtension.id, one.id);
      const listener = `${listeners}/${created.id}`;
      await refused(409, /cannot be deleted/, 'DELETE', `${extensions}/${one.id}`);
      const reference = `${listener}/microsoft.graph.onTokenIssuanceStartListener/handler/microsoft.graph.${handler}/customExtension`;
      const target = {
        '@odata.id': `https://graph.microsoft.com/v1.0/identity/customAuthenticationExtensions/${two.id}`,
      };
      assert.equal((await call('PUT', `${reference}/$ref`, target)).status, 204);
      assert.equal((await call('GET', listener)).body.handler.customExtension.displayName, 'two');
      assert.equal((await call('DELETE', `${extensions}/${one.id}`)).status, 204);
    });

    test('an application is added to one events flow and to no other', async () => {
      const flows = '/v1.0/identity/authenticationEventsFlows';
      const one = await made(flows, { ...signUpFlow, displayName: 'One' });
      const two = await made(flows, { ...signUpFlow, displayName: 'Two' });
      const applicationsOf = ({ id }: Body) => `${flows}/${id}/conditions/applications/includeApplications`;
      const application = named('authenticationConditionApplication', { appId: first });
      assert.equal((await made(applicationsOf(one), application)).appId, first);
      await refused(
        409,
        new RegExp(`belongs to the authentication events flow '${one.id}'`),
        'POST',
        applicationsOf(two),
        application,
      );
      assert.equal((await call('DELETE', `${applicationsOf(one)}/${first}`)).status, 204);
      await made(applicationsOf(two), application);
      assert.deepEqual((await call('GET', applicationsOf(one))).body.value, []);
      await refused(409, /same value for property displayName/, 'POST', flows, { ...signUpFlow, displayName: 'ONE' });
    });

    test('what a new page of an events flow leaves out is collected no longer', async () => {
      const flows = '/beta/identity/authenticationEventsFlows';
      const onAttributeCollection = (...attributes: readonly string[]) =>
        named(collection, { attributeCollectionPage: { views: [{ inputs: attributes.map(input) }] } });
      const { id } = await made(flows, {
        ...signUpFlow,
        displayName: 'Collecting',
        onAttributeCollection: {
          ...onAttributeCollection('email', 'city'),
          attributes: [{ id: 'email' }, { id: 'city' }],
        },
      });
      const page = (...attributes: readonly string[]) => ({
        ...signUpFlow,
        onAttributeCollection: onAttributeCollection(...attributes),
      });
      await refused(400, /'country' names no attribute/, 'PATCH', `${flows}/${id}`, page('email', 'country'));
      assert.equal((await call('PATCH', `${flows}/${id}`, page('email'))).status, 204);
      const cast = `${signUpFlow['@odata.type'].slice(1)}/onAttributeCollection/microsoft.graph.${collection}`;
      const left = (await call('GET', `${flows}/${id}/${cast}/attributes`)).body.value;
      assert.deepEqual(
        left.map((attribute: Body) => attribute.id),
        ['email'],
      );
    });

    test('a new listener shows its user flow when its representation is asked for', async () => {
      const listeners = '/beta/identity/events/onSignupStart';
      const draft = named('invokeUserFlowListener', {
        priority: 7,
        sourceFilter: { includeApplications: [first] },
        userFlow: { id: 'B2X_1_guests' },
      });
      const plain = await call('POST', listeners, draft);
      assert.ok(!('userFlow' in plain.body));
      const whole = await call('POST', listeners, draft, { prefer: 'return=representation' });
      assert.equal(whole.body.userFlow.id, 'B2X_1_guests');
      const read = await call('GET', `${listeners}/${whole.body.id}`);
      assert.ok(!('userFlow' in read.body));
      for (const { body } of [plain, whole]) await call('DELETE', `${listeners}/${body.id}`);
    });

    test('an open type shows the members that a client added', async () => {
      const flows = '/v1.0/identity/authenticationEventsFlows';
      const { id } = await made(flows, { ...signUpFlow, displayName: 'Open', ticket: 'A-1' });
      assert.equal((await call('GET', `${flows}/${id}`)).body.ticket, 'A-1');
      const dropped = await call('PATCH', `${flows}/${id}`, { ...signUpFlow, ticket: null });
      assert.equal(dropped.status, 204);
      assert.ok(!('ticket' in (await call('GET', `${flows}/${id}`)).body));
    });

    test('the first generation answers under its earliest names, step by step', async () => {
      const listeners = '/beta/identity/events/onSignupStart';
      const action = {
        '@odata.type': '#Microsoft.Cpim.Api.DataModels.invokeUserFlowAction',
        priority: 101,
        sourceFilter: { '@odata.type': 'microsoft.graph.authenticationSourceFilter' },
      };
      await refused(400, /priority/, 'POST', listeners, { ...action, priority: 'Integer' });
      const created = await made(listeners, action);
      assert.equal(created['@odata.type'], '#microsoft.graph.invokeUserFlowListener');
      assert.equal(created.userFlow, undefined);
      const flow = { '@odata.id': `${usher.url}/beta/identity/b2xUserFlows/B2X_1_guests` };
      assert.equal((await call('POST', '/beta/invokeUserFlowListener/userFlow/$ref', flow)).status, 204);
      const expanded = await call(
        'GET',
        `${listeners}/${created.id}?$expand=microsoft.graph.invokeUserFlowAction/userFlow`,
      );
      assert.equal(expanded.body.userFlow.id, 'B2X_1_guests');
      for (const path of ['/beta/identity/events', '/beta/policies/authenticationEventsPolicy']) {
        assert.equal((await call('GET', path)).body.id, 'authenticationEventsPolicy', path);
      }
      assert.equal((await call('DELETE', `${listeners}/${created.id}`)).status, 204);
    });

    test('a connector shows neither its password nor anything of its key', async () => {
      const secret = 'correct horse battery staple';
      const created = await usher.graph('POST', '/v1.0/identity/apiConnectors', {
        displayName: 'Test API',
        targetUrl: 'https://someapi.com/api',
        authenticationConfiguration: named('basicAuthentication', { username: 'a', password: secret }),
      });
      const text = await created.text();
      assert.equal(created.status, 201, text);
      assert.doesNotMatch(text, new RegExp(secret));
      const { id } = JSON.parse(text);
      for (const path of ['', `/${id}`, `/${id}?$select=authenticationConfiguration`]) {
        const read = await (await usher.graph('GET', `/beta/identity/apiConnectors${path}`)).text();
        assert.match(read, /"password":"\*{6}"/);
        assert.doesNotMatch(read, new RegExp(secret));
      }
      assert.doesNotMatch(usher.log(), new RegExp(secret));
    });
  });
}
