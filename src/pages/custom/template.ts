import sanitize, { type Attributes, type IFrame, type IOptions, type Tag } from 'sanitize-html';
import { faults } from '../faults.ts';
import { placeholders, secretName } from './placeholders.ts';

/** What a template wants in the head of the page, in its order. */
export type HeadPart =
  | { readonly kind: 'sheet'; readonly href: string; readonly media: string | undefined }
  | { readonly kind: 'style'; readonly css: string }
  | { readonly kind: 'script'; readonly code: string; readonly attributes: Readonly<Record<string, string | true>> };

/** A page that an administrator wrote, safe to send, cut open where our own markup goes. */
export interface PageTemplate {
  readonly title: string | undefined;
  readonly head: readonly HeadPart[];
  readonly bodyId: string | undefined;
  readonly bodyClass: string | undefined;
  /** Markup before and after what stands in `<div id="api">`; addresses of the branding in it are `placeholders`. */
  readonly before: string;
  readonly after: string;
  /** The template has a main landmark of its own. */
  readonly hasMain: boolean;
  /** It says that it can be shown in the dark too (`<meta name="color-scheme">`). */
  readonly knowsDark: boolean;
  /** Where it may load from, by kind. */
  readonly origins: Readonly<Record<'styles' | 'images', readonly string[]>>;
}

/** The element that stands for `<div id="api">` while the page is sanitised. */
const apiTag = secretName;

const structure =
  'div span section article header footer main nav aside figure figcaption hgroup address details summary';
const text =
  'h1 h2 h3 h4 h5 h6 p a b strong i em u s small sub sup mark abbr cite q blockquote code kbd samp pre time br hr wbr bdi bdo';
const tables = 'ul ol li dl dt dd table caption colgroup col thead tbody tfoot tr th td center font';
const pictures = 'img picture svg g path circle ellipse rect line polyline polygon title';

const everywhere = ['id', 'class', 'role', 'title', 'lang', 'dir', 'hidden', 'tabindex', 'data-*', 'aria-*'];
const drawing = [
  'd',
  'fill',
  'stroke',
  'stroke-*',
  'fill-*',
  'transform',
  'points',
  'x*',
  'y*',
  'r*',
  'c*',
  'width',
  'height',
  'viewbox',
  'opacity',
];

/** Resources a template may name; more are left out. */
const mostResources = 60;
const nestingLimit = 100;
/** So that no page can keep the server busy: reading takes longer than its length when elements stand in elements. */
const mostTags = 20_000;

export interface TemplateOptions {
  /** Where it was fetched from: relative addresses are resolved against it. */
  readonly url: URL;
  readonly runsScripts: boolean;
  /** Older pages ran scripts in the body too (b2c contract: selfasserted 2.1.21, unifiedssp 2.1.10). */
  readonly runsBodyScripts: boolean;
}

class Reader {
  title: string | undefined;
  readonly head: HeadPart[] = [];
  readonly styles = new Set<string>();
  readonly images = new Set<string>();
  readonly rules: string[] = [];
  body: Attributes = {};
  apis = 0;
  hasMain = false;
  knowsDark = false;
  private inBody = false;
  /** Of the script that is being read, before anything is taken from them. */
  private scriptAttributes: Attributes = {};
  private readonly options: TemplateOptions;

  constructor(options: TemplateOptions) {
    this.options = options;
    this.images.add(options.url.origin);
  }

  /** An address that may be loaded: https, or in development the template's own server. */
  private address(value: string | undefined): URL | undefined {
    const { url } = this.options;
    if (!value || !URL.canParse(value, url.href)) return undefined;
    const address = new URL(value, url);
    return address.protocol === 'https:' || (url.protocol === 'http:' && address.origin === url.origin)
      ? address
      : undefined;
  }

  readonly open = (tagName: string, attribs: Attributes): Tag => {
    if (tagName === 'body') {
      this.inBody = true;
      this.body = attribs;
    }
    if (tagName === 'link') this.link(attribs);
    if (tagName === 'meta' && attribs['name'] === 'color-scheme')
      this.knowsDark = /\bdark\b/.test(attribs['content'] ?? '');
    if (tagName === 'script') this.scriptAttributes = { ...attribs };
    if (tagName === 'main' || attribs['role'] === 'main') this.hasMain = true;
    if (tagName === 'div' && attribs['id'] === 'api') {
      this.apis += 1;
      return { tagName: apiTag, attribs: {} };
    }
    return { tagName, attribs: this.clean(tagName, attribs) };
  };

  private takesScript(): boolean {
    const { runsScripts, runsBodyScripts } = this.options;
    return runsScripts && (runsBodyScripts || !this.inBody);
  }

  private link({ rel = '', href, media }: Attributes): void {
    const address = this.address(href);
    const kinds = rel.toLowerCase().split(/\s+/);
    if (address && this.head.length < mostResources) {
      if (kinds.includes('stylesheet')) this.head.push({ kind: 'sheet', href: address.href, media });
      // Fonts of a style sheet often come from another place, which templates announce so.
      if (kinds.some((kind) => ['stylesheet', 'preconnect', 'dns-prefetch'].includes(kind)))
        this.styles.add(address.origin);
    }
  }

  private clean(tagName: string, { style, ...given }: Attributes): Attributes {
    // The name is the one element's.
    const attribs = given['id'] === 'api' ? { ...given, id: '' } : given;
    const classes = [attribs['class'], ...this.styled(style)].filter(Boolean).join(' ');
    return { ...attribs, ...(classes === '' ? {} : { class: classes }), ...this.linked(tagName, attribs) };
  }

  /** Style attributes become rules of a style sheet: the policy of our pages allows the one and not the other. */
  private styled(style: string | undefined): readonly string[] {
    if (!style || this.rules.length >= mostResources * 10 || /[{}<]/.test(style)) return [];
    const name = `usher-style-${this.rules.length}`;
    this.rules.push(`.${name}{${style}}`);
    return [name];
  }

  private linked(tagName: string, attribs: Attributes): Attributes {
    if (tagName === 'a') return { ...hrefOf(attribs['href'], this.options.url), rel: 'noopener noreferrer' };
    return tagName === 'img' ? { src: this.picture(attribs), alt: attribs['alt'] ?? '' } : {};
  }

  private picture(attribs: Attributes): string {
    if ('data-tenant-branding-logo' in attribs) return placeholders.logo;
    if ('data-tenant-branding-background' in attribs) return placeholders.background;
    const { src = '' } = attribs;
    if (/^data:image\/(?:png|jpeg|gif|webp|svg\+xml)[;,]/i.test(src)) return src;
    const address = this.address(src);
    if (address && this.images.size < mostResources) this.images.add(address.origin);
    return address?.href ?? '';
  }

  /** Takes out what belongs into the head, when its element has been read. */
  readonly take = ({ tag, text }: IFrame): boolean => {
    if (tag === 'title' && !this.inBody) this.title = this.title ?? (text.trim() || undefined);
    else if (tag === 'style' && this.head.length < mostResources)
      this.head.push({ kind: 'style', css: keptInStyle(text) });
    else if (tag === 'script' && this.takesScript()) this.script(text);
    return tag === 'style' || tag === 'script' || (tag === 'title' && !this.inBody);
  };

  private script(code: string): void {
    const { src, type, async, defer, 'data-preload': preload } = this.scriptAttributes;
    const address = this.address(src);
    if (this.head.length >= mostResources || (src !== undefined && !address)) return;
    const flag = (name: string, value: string | undefined) => (value === undefined ? {} : { [name]: true as const });
    const attributes = {
      ...(address ? { src: address.href } : {}),
      ...(type === 'module' ? { type } : {}),
      ...flag('async', async),
      ...flag('defer', defer),
      ...(preload === undefined ? {} : { 'data-preload': preload }),
    };
    this.head.push({ kind: 'script', code: address ? '' : keptInScript(code), attributes });
  }
}

/**
 * Browsers and our parser need not agree where an element ends (`</style/`), so nothing that could end it stays in it: in a string
 * the escape means the same, and elsewhere neither language has a use for it (HTML §13.2.5.14, §13.2.5.20).
 */
const keptInStyle = (css: string): string => css.replaceAll('</', '<\\/');
const keptInScript = (code: string): string => code.replaceAll('<!--', '\\x3C!--').replace(/<\/(?=script)/gi, '<\\/');

/** Links of a page lead anywhere but into our own server's paths. */
function hrefOf(href: string | undefined, url: URL): Attributes {
  if (!href || !URL.canParse(href, url.href)) return {};
  const { protocol, href: address } = new URL(href, url);
  return ['https:', 'http:', 'mailto:', 'tel:'].includes(protocol) ? { href: address } : {};
}

const optionsFor = (reader: Reader): IOptions => ({
  allowedTags: [structure, text, tables, pictures].join(' ').split(' ').concat(apiTag, 'style', 'script'),
  // Scripts and styles are taken out and sent under the policy of the page.
  allowVulnerableTags: true,
  allowedAttributes: {
    '*': everywhere,
    a: ['href', 'target', 'rel'],
    img: ['src', 'alt', 'width', 'height', 'loading'],
    ...Object.fromEntries(
      pictures
        .split(' ')
        .slice(2)
        .map((tag) => [tag, drawing]),
    ),
    font: ['color', 'size', 'face'],
    td: ['colspan', 'rowspan', 'align', 'valign', 'width'],
    th: ['colspan', 'rowspan', 'align', 'valign', 'width', 'scope'],
  },
  allowedSchemes: ['https', 'http', 'mailto', 'tel'],
  allowedSchemesByTag: { img: ['https', 'http', 'data'] },
  nonTextTags: [
    'script',
    'style',
    'textarea',
    'option',
    'xmp',
    'noscript',
    'template',
    'iframe',
    'object',
    'noembed',
    'noframes',
  ],
  transformTags: { '*': reader.open },
  exclusiveFilter: reader.take,
  nestingLimit,
});

/** Throws `pages.templateMalformed`: the page has not exactly one `<div id="api">`, or more than a page can need. */
export function readTemplate(source: string, options: TemplateOptions): PageTemplate {
  if (source.split('<', mostTags + 1).length > mostTags) throw faults.templateMalformed({ uri: options.url.href });
  const reader = new Reader(options);
  const markup = sanitize(source, optionsFor(reader));
  const [before = '', rest = ''] = cut(markup, `<${apiTag}>`);
  const end = rest.lastIndexOf(`</${apiTag}>`);
  if (reader.apis !== 1 || end < 0) throw faults.templateMalformed({ uri: options.url.href });
  const { rules, head, body, title, hasMain, knowsDark } = reader;
  const styles: readonly HeadPart[] = rules.length === 0 ? [] : [{ kind: 'style', css: rules.join('') }];
  return {
    title,
    head: [...head, ...styles],
    bodyId: body['id'],
    bodyClass: body['class'],
    before: before.trim(),
    after: rest.slice(end + `</${apiTag}>`.length).trim(),
    hasMain,
    knowsDark,
    origins: { styles: [...reader.styles], images: [...reader.images] },
  };
}

const cut = (whole: string, at: string): readonly string[] => {
  const index = whole.indexOf(at);
  return index < 0 ? [whole] : [whole.slice(0, index), whole.slice(index + at.length)];
};
