import assert from 'node:assert/strict';
import { test } from 'node:test';
import { routeTemplate } from './route-template.ts';

test('a request is counted under its set, however its key is written, and never under the key', () => {
  const templates = {
    '/v1.0/users': '/v1.0/users',
    '/beta/USERS/': '/beta/users',
    '/v1.0/users/ada@contoso.example': '/v1.0/users/{id}',
    "/v1.0/users('ada@contoso.example')": '/v1.0/users/{id}',
    '/v1.0/users%28%27ada%27%29/memberOf': '/v1.0/users/{id}/…',
    '/beta/identity/b2cUserFlows': '/beta/identity/b2cUserFlows',
    '/beta/identity/b2cUserFlows/B2C_1_susi': '/beta/identity/b2cUserFlows/{id}',
    '/beta/identity/b2cUserFlows/B2C_1_susi/languages/en/defaultPages': '/beta/identity/b2cUserFlows/{id}/…',
    '/beta/$batch': '/beta/$batch',
    '/v1.0/$metadata': '/v1.0/$metadata',
    '/v1.0': '/v1.0',
    '/v1.0/ada@contoso.example/secret': '/v1.0/…',
    '/elsewhere/ada': '/…',
  };
  for (const [path, template] of Object.entries(templates)) assert.equal(routeTemplate(path), template, path);
});
