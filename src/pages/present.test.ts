import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Templates } from './custom/templates.ts';
import { faults } from './faults.ts';
import { plainLook } from './look.ts';
import { present } from './present.ts';
import { createVoice, createWords } from './words.ts';

test('the address of a template names the language of the journey, also one in which we have no texts', async () => {
  const asked: string[] = [];
  const templates: Templates = {
    async of({ url }) {
      asked.push(url.href);
      throw faults.foreignForm();
    },
  };
  const uri = 'https://cdn.example/{Culture:RFC5646}/{Culture:LanguageName}/{Culture:RegionName}/page.html';
  const custom = { uri, runsScripts: false, runsBodyScripts: false };
  const open = (locale?: string, dataName: 'Unified' | 'GlobalException' = 'Unified') =>
    present(
      {
        status: 200,
        content: {
          voice: createVoice(createWords(), locale === undefined ? [] : [locale]),
          title: 'Sign in',
          container: 'unified_container',
          dataName,
          content: '',
        },
        look: { ...plainLook, custom },
        setting: { tenantId: 't', flowId: 'B2C_1_susi', ...(locale === undefined ? {} : { locale }) },
      },
      templates,
    ).catch(() => undefined);
  await open('sw-KE');
  await open();
  await open('sw-KE', 'GlobalException');
  assert.deepEqual(asked, [
    'https://cdn.example/sw-KE/sw/KE/page.html?ui_locales=sw-KE',
    'https://cdn.example/en/en//page.html?ui_locales=en',
    'https://cdn.example/sw-KE/sw/KE/page.html',
  ]);
});
