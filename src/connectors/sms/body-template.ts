import { badSetting } from '../faults.ts';

/** What may stand in a template: `{to}` is E.164 with its plus, `{toDigits}` without. */
const marks: readonly string[] = ['to', 'toDigits', 'text', 'from'];

/** Fills the template of a request's body. */
export interface BodyTemplate {
  readonly contentType: string;
  /** `lookUp` is asked for each mark that stands in the template. */
  fill(lookUp: LookUp): string;
}

type LookUp = (mark: string) => string;

/** In one pass, so that braces in a value are text. */
const filled = (text: string, lookUp: LookUp): string =>
  text.replaceAll(/\{(\w+)\}/g, (_, mark: string) => lookUp(mark));

function filledJson(node: unknown, lookUp: LookUp): unknown {
  if (typeof node === 'string') return filled(node, lookUp);
  if (Array.isArray(node)) return node.map((item) => filledJson(item, lookUp));
  if (typeof node !== 'object' || node === null) return node;
  return Object.fromEntries(Object.entries(node).map(([name, value]) => [name, filledJson(value, lookUp)]));
}

function jsonTemplate(text: string): BodyTemplate {
  let tree: unknown;
  try {
    tree = JSON.parse(text);
  } catch {
    throw badSetting('smsBody', 'begins like JSON and is none');
  }
  return { contentType: 'application/json', fill: (lookUp) => JSON.stringify(filledJson(tree, lookUp)) };
}

function formTemplate(text: string): BodyTemplate {
  const fields = [...new URLSearchParams(text)];
  const fill = (lookUp: LookUp): string =>
    new URLSearchParams(fields.map(([name, value]): [string, string] => [name, filled(value, lookUp)])).toString();
  return { contentType: 'application/x-www-form-urlencoded', fill };
}

function checkMarks(template: BodyTemplate, sender: string | undefined): void {
  const asked = new Set<string>();
  template.fill((mark) => {
    asked.add(mark);
    return '';
  });
  const foreign = [...asked].find((mark) => !marks.includes(mark));
  if (foreign) {
    throw badSetting('smsBody', `does not know '{${foreign}}', only ${marks.map((mark) => `{${mark}}`).join(', ')}`);
  }
  if (!asked.has('text') || !(asked.has('to') || asked.has('toDigits'))) {
    throw badSetting('smsBody', 'must hold {text}, and {to} or {toDigits}');
  }
  if (asked.has('from') && sender === undefined) {
    throw badSetting('smsFrom', "is needed for the {from} in '--sms-body'");
  }
}

/**
 * Reads `--sms-body`: JSON when it begins with a brace or bracket, else the fields of a form. Values are put in after that, so
 * that no message can change the shape of the request. Throws `connectors.badSetting`, without the template.
 */
export function readBodyTemplate(text: string | undefined, sender: string | undefined): BodyTemplate {
  if (text === undefined) throw badSetting('smsBody', "is needed with '--sms-url'");
  const template = /^\s*[[{]/.test(text) ? jsonTemplate(text) : formTemplate(text.trim());
  checkMarks(template, sender);
  return template;
}
