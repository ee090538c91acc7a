import { badSetting } from '../faults.ts';

/** Whether an answer says in its body that the message was taken; the status alone does not say it with every provider. */
export interface SuccessRule {
  /** What the answer holds at that place, undefined when nothing. */
  found(body: string): string | undefined;
  readonly wanted: string;
}

/** One step of a pointer (RFC 6901 §4). */
function childOf(node: unknown, name: string): unknown {
  if (Array.isArray(node)) return /^(?:0|[1-9]\d{0,5})$/.test(name) ? node[Number(name)] : undefined;
  if (typeof node !== 'object' || node === null || !Object.hasOwn(node, name)) return undefined;
  return (node as Readonly<Record<string, unknown>>)[name];
}

/** Reads `--sms-success`: a JSON pointer, `=`, and the value that means success. Throws `connectors.badSetting`. */
export function readSuccessRule(text: string): SuccessRule {
  const { pointer, wanted } = /^(?<pointer>(?:\/[^=]*)+)=(?<wanted>.+)$/s.exec(text)?.groups ?? {};
  if (pointer === undefined || wanted === undefined || /~(?![01])/.test(pointer)) {
    throw badSetting('smsSuccess', 'must be a JSON pointer, = and a value, e.g. /messages/0/status=0');
  }
  const names = pointer
    .slice(1)
    .split('/')
    .map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'));
  return {
    wanted,
    found(body) {
      try {
        const value = names.reduce(childOf, JSON.parse(body) as unknown);
        return value === undefined || typeof value === 'object' ? undefined : String(value);
      } catch {
        return undefined;
      }
    },
  };
}
