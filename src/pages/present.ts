import { fillPageUri, type PageUriClaim, type Screen } from '../flows/index.ts';
import { documentReply, type Reply } from '../http/index.ts';
import { renderCustom } from './custom/document.ts';
import { globalsOf } from './custom/globals.ts';
import type { Templates } from './custom/templates.ts';
import { type Content, renderShell } from './layouts/shell.ts';
import type { Look } from './look.ts';

/** Where a page is shown: what the address of its template may name. */
export interface Setting {
  readonly tenantId: string;
  readonly flowId: string;
  /** Absent on pages that belong to no application. */
  readonly appId?: string;
  /** Of the journey, also when our own texts are in another; absent: what the page is in. */
  readonly locale?: string;
}

const claimsOf = ({ tenantId, flowId, appId = '' }: Setting, tag: string): Readonly<Record<PageUriClaim, string>> => ({
  'Culture:RFC5646': tag,
  'Culture:LanguageName': new Intl.Locale(tag).language,
  'Culture:RegionName': new Intl.Locale(tag).region ?? '',
  'Policy:PolicyId': flowId,
  'Policy:TenantObjectId': tenantId,
  'OIDC:ClientId': appId,
});

/** The address of a template; pages are told the language, the error page is not (b2c contract e.3). */
function templateUrl(uri: string, setting: Setting, { voice, dataName }: Content): URL {
  const { locale = voice.tag } = setting;
  const claims = claimsOf(setting, locale);
  const url = new URL(fillPageUri(uri, (claim) => claims[claim]));
  if (dataName !== 'GlobalException') url.searchParams.set('ui_locales', locale);
  return url;
}

export interface Presented {
  readonly status: number;
  readonly content: Content;
  readonly look: Look;
  readonly tenantName?: string;
  /** Absent: the page belongs to no flow, so it has no template of an administrator. */
  readonly setting?: Setting;
  /** What is shown, for the scripts of a custom page. */
  readonly screen?: Screen;
}

/** A page as the browser gets it: in the page of an administrator, or in a template of ours. Throws the faults of templates. */
export async function present(page: Presented, templates: Templates): Promise<Reply> {
  const { status, content, look, setting, screen, tenantName } = page;
  const { custom } = look;
  if (!custom || !setting) {
    const name = tenantName === undefined ? {} : { tenantName };
    return documentReply(status, renderShell({ ...content, ...name, look }), { sources: look.sources });
  }
  const { runsScripts, runsBodyScripts } = custom;
  const url = templateUrl(custom.uri, setting, content);
  const template = await templates.of({ url, runsScripts, runsBodyScripts });
  const { voice, dataName } = content;
  const globals = runsScripts
    ? globalsOf(screen, { voice, dataName, remoteResource: url.href, ...setting })
    : undefined;
  const { document, sources } = renderCustom(content, template, { look, globals });
  return documentReply(status, document, { sources });
}
