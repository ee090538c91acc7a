import type { Flows, Words } from '../flows/index.ts';
import { html, type Reply } from '../http/index.ts';
import { Fault, type Observation, type Observe } from '../kernel/index.ts';
import type { Templates } from './custom/templates.ts';
import { faults } from './faults.ts';
import type { Content } from './layouts/shell.ts';
import { type Look, lookOf, plainLook } from './look.ts';
import { present } from './present.ts';
import { createVoice, type Voice } from './words.ts';

/** What a person and their support need to know about a request that ended here. */
export interface ErrorInfo {
  readonly status: number;
  /** `AADB2C…`, shown before the message. */
  readonly code?: string;
  /** Ids of texts that say it better than those of the status. */
  readonly words?: { readonly heading: string; readonly help: string };
  /** For support; shown small. Never holds a secret. */
  readonly message: string;
  readonly correlationId: string;
  /** `2026-11-21 10:00:00Z`, as support tools of B2C print it. */
  readonly timestamp: string;
  /** Where the request was meant to go, as far as it says: the page then looks as that flow does. */
  readonly flow?: { readonly tenant: string; readonly id: string };
}

export interface ErrorPageServices {
  /** By id or domain name. Undefined: there is no such tenant. */
  flowsOf(tenant: string): Promise<Flows | undefined>;
  tenantName(tenant: string): Promise<string>;
  readonly observe: Observe;
  readonly words: Words;
  readonly templates: Templates;
}

export type ErrorPages = (info: ErrorInfo, locales: readonly string[]) => Promise<Reply>;

/** Words for a status; every other status has the words of `trouble`. */
const kinds: Readonly<Record<number, string>> = {
  404: 'notFound',
  410: 'expired',
  413: 'tooLarge',
  429: 'tooMany',
  501: 'notRunnable',
};

/** Content definition of the page (b2c contract e.1). */
const pageId = 'error';

function contentOf(info: ErrorInfo, voice: Voice): Content {
  const kind = kinds[info.status] ?? 'trouble';
  const words = info.words ?? { heading: `errorPage.${kind}.heading`, help: `errorPage.${kind}.help` };
  const heading = voice.say(words.heading);
  const detail =
    info.code === undefined || info.message.startsWith(info.code) ? info.message : `${info.code}: ${info.message}`;
  return {
    voice,
    title: heading,
    container: 'exception_container',
    dataName: 'GlobalException',
    content: html`<div class="error-page-content"><div class="heading"><h1>${heading}</h1></div>
<p class="error-page-help">${voice.say(words.help)}</p>
<div class="error-page-messagedetails">
<p>${voice.say('errorPage.support')}</p>
<div class="error-page-detail" lang="en" dir="ltr">${detail}</div>
<div class="error-page-correlationid">${voice.say('errorPage.correlationId')}: <span class="copyable" dir="ltr">${info.correlationId}</span></div>
<div class="error-page-timestamp">${voice.say('errorPage.timestamp')}: <span class="copyable" dir="ltr">${info.timestamp}</span></div>
</div></div>`,
  };
}

interface Surroundings {
  readonly look: Look;
  readonly tenantName: string;
  readonly setting: { readonly tenantId: string; readonly flowId: string };
}

/** How the flow that a request was meant for looks. Whatever goes wrong here must not keep the person from the error page. */
async function surroundingsOf(
  flow: NonNullable<ErrorInfo['flow']>,
  { flowsOf, tenantName, observe }: ErrorPageServices,
): Promise<Surroundings | undefined> {
  try {
    const presentation = await (await flowsOf(flow.tenant))?.presentation(flow.id);
    if (!presentation) return undefined;
    return {
      look: lookOf(presentation, pageId),
      tenantName: await tenantName(flow.tenant),
      setting: { tenantId: flow.tenant, flowId: presentation.flowId },
    };
  } catch (error) {
    observe(plainly(error));
    return undefined;
  }
}

/** Only the operator is told: the person has another trouble already. */
const plainly = (error: unknown): Observation => ({
  kind: 'warning',
  message: 'an error page was shown without the looks of its flow',
  error,
});

const isTemplateFault = (error: unknown): boolean =>
  error instanceof Fault && Object.keys(faults).some((name) => error.code === `pages.${name}`);

/**
 * The page where a request ends that cannot be sent back to an application (b2c contract e.1, `globalexception`), with the
 * looks of its flow where that is known. When its own template cannot be had either, it is shown in ours.
 */
export function createErrorPages(services: ErrorPageServices): ErrorPages {
  return async (info, locales) => {
    const content = contentOf(info, createVoice(services.words, locales));
    const around = info.flow && (await surroundingsOf(info.flow, services));
    if (!around) return present({ status: info.status, content, look: plainLook }, services.templates);
    try {
      return await present({ status: info.status, content, ...around }, services.templates);
    } catch (error) {
      if (!isTemplateFault(error)) throw error;
      services.observe(plainly(error));
      const { custom: _unreachable, ...look } = around.look;
      return present({ status: info.status, content, look, tenantName: around.tenantName }, services.templates);
    }
  };
}
