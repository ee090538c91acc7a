import { attributes, printHtml } from '../../http/index.ts';

export type Attributes = Readonly<Record<string, string | undefined>>;

/** What HTML escapes in a quoted attribute value, and how, is good XML too (XML 1.0 §2.4). */
export function element(name: string, named: Attributes, children: readonly string[] = []): string {
  const head = `${name}${printHtml(attributes(named))}`;
  if (children.length === 0) return `<${head} />`;
  const inner = children.map((child) => child.replace(/^/gm, '  ')).join('\n');
  return `<${head}>\n${inner}\n</${name}>`;
}

export const flag = (value: boolean): string | undefined => (value ? 'true' : undefined);

export const annotation = (term: string, value: Attributes): string => element('Annotation', { Term: term, ...value });
