import { type Clock, createLru, type EpochSeconds } from '../../kernel/index.ts';
import { faults } from '../faults.ts';
import type { PageTemplate, TemplateOptions } from './template.ts';

/** Asks the server of a template; the composition root fills it with calls that reach public addresses only. */
export interface TemplateServers {
  send(request: {
    readonly target: 'template';
    readonly method: 'GET';
    readonly url: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly milliseconds: number;
    readonly bytes: number;
  }): Promise<
    | {
        readonly kind: 'answered';
        readonly status: number;
        readonly contentType: string;
        readonly etag?: string;
        readonly cacheControl?: string;
        readonly body: Buffer;
      }
    | { readonly kind: 'failed'; readonly cause: string; readonly reason: string }
  >;
}

export interface Templates {
  /** The template at an address. Throws the faults of templates when it cannot be had and no copy is young enough. */
  of(options: TemplateOptions): Promise<PageTemplate>;
}

/** A person is waiting for the page. */
const milliseconds = 3_000;
const largest = 256 * 1024;
const copies = 100;

/** Seconds that a copy is used without asking, whatever its server says of it; without a word the least. */
const freshFor = { least: 5, most: 3_600 } as const;
/** Seconds that a copy is used while its server cannot be had, counted from when it last could. */
const staleFor = 4 * 3_600;
/** Seconds until a server that could not be had is asked again. */
const retryAfter = 10;

interface Copy {
  readonly template: PageTemplate;
  readonly etag: string | undefined;
  readonly confirmed: EpochSeconds;
  readonly freshUntil: EpochSeconds;
}

interface Kept {
  readonly copy: Copy | undefined;
  /** What went wrong when it was asked for last, and when to ask again. */
  readonly problem?: { readonly fault: Error; readonly until: EpochSeconds };
}

function freshSeconds(cacheControl = ''): number {
  if (/\bno-(?:store|cache)\b/i.test(cacheControl)) return freshFor.least;
  const seconds = Number(/\bmax-age=(\d{1,9})\b/i.exec(cacheControl)?.[1] ?? 0);
  return Math.min(freshFor.most, Math.max(freshFor.least, seconds));
}

const failures: Readonly<Record<string, (values: { uri: string }) => Error>> = {
  forbidden: () => faults.templateForbidden(),
  timedOut: faults.templateTimedOut,
  tooLong: faults.templateMalformed,
};

function refusal(status: number, uri: string): Error {
  if (status === 404 || status === 410) return faults.templateNotFound({ uri });
  return status >= 500 ? faults.templateFailed({ uri }) : faults.templateRefused();
}

/** What reads templates is loaded with the first one: 16 MB that most servers never need. */
async function parse(body: Buffer, contentType: string, options: TemplateOptions): Promise<PageTemplate> {
  const uri = options.url.href;
  if (!/^(?:text\/html|application\/xhtml\+xml)\b/i.test(contentType)) throw faults.templateMalformed({ uri });
  const { readTemplate } = await import('./template.ts');
  try {
    return readTemplate(new TextDecoder('utf-8', { fatal: true }).decode(body), options);
  } catch (error) {
    if (error instanceof RangeError) throw faults.templateUnclean({}, error);
    throw error instanceof TypeError ? faults.templateMalformed({ uri }, error) : error;
  }
}

const keyOf = ({ url, runsScripts, runsBodyScripts }: TemplateOptions): string =>
  `${runsScripts} ${runsBodyScripts} ${url.href}`;

/**
 * Templates of custom pages, fetched by the server (product.md choice 6): sanitised once, kept while their server allows within
 * bounds, confirmed by ETag, and used for some hours while it cannot be had. Requests at one moment share one call.
 */
export function createTemplates(servers: TemplateServers, clock: Clock): Templates {
  const kept = createLru<Kept>(copies);
  const underWay = new Map<string, Promise<PageTemplate>>();

  async function ask(options: TemplateOptions, old: Copy | undefined): Promise<Copy> {
    const uri = options.url.href;
    const answer = await servers.send({
      target: 'template',
      method: 'GET',
      url: uri,
      headers: { accept: 'text/html', ...(old?.etag === undefined ? {} : { 'if-none-match': old.etag }) },
      milliseconds,
      bytes: largest,
    });
    if (answer.kind === 'failed') throw failures[answer.cause]?.({ uri }) ?? faults.templateUnreachable({ uri });
    const now = clock.now();
    const times = { confirmed: now, freshUntil: now + freshSeconds(answer.cacheControl) };
    if (answer.status === 304 && old) return { ...old, ...times };
    if (answer.status !== 200) throw refusal(answer.status, uri);
    return { template: await parse(answer.body, answer.contentType, options), etag: answer.etag, ...times };
  }

  async function renew(key: string, options: TemplateOptions, old: Copy | undefined): Promise<PageTemplate> {
    try {
      const copy = await ask(options, old);
      kept.set(key, { copy });
      return copy.template;
    } catch (error) {
      const fault = error instanceof Error ? error : faults.templateUnclean({}, error);
      const copy = old && clock.now() < old.confirmed + staleFor ? old : undefined;
      kept.set(key, { copy, problem: { fault, until: clock.now() + retryAfter } });
      if (copy) return copy.template;
      throw fault;
    }
  }

  return {
    async of(options) {
      const key = keyOf(options);
      const { copy, problem } = kept.get(key) ?? {};
      const now = clock.now();
      if (copy && now < copy.freshUntil) return copy.template;
      if (problem && now < problem.until) {
        if (copy && now < copy.confirmed + staleFor) return copy.template;
        throw problem.fault;
      }
      const begun = underWay.get(key) ?? renew(key, options, copy).finally(() => underWay.delete(key));
      underWay.set(key, begun);
      return begun;
    },
  };
}
