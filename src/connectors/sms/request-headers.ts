import { badSetting } from '../faults.ts';

/** The length and the way of a message are not the operator's to say (RFC 9110 §7.2, §7.6.1, §8.6). */
const reserved = new Set([
  'host',
  'content-length',
  'transfer-encoding',
  'connection',
  'keep-alive',
  'te',
  'trailer',
  'upgrade',
  'expect',
]);

const most = 20;

/** Reads `--sms-headers`: `NAME: VALUE`, one a line. Throws `connectors.badSetting`, without the values. */
export function readHeaders(text: string): ReadonlyMap<string, string> {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  if (lines.length > most) throw badSetting('smsHeaders', `may hold ${most} lines at most`);
  return new Map(
    lines.map((line, index): [string, string] => {
      const { name, value } = /^(?<name>[\w!#$%&'*+.^`|~-]+):\s*(?<value>[\x20-\x7e]+?)\s*$/.exec(line)?.groups ?? {};
      if (name === undefined || value === undefined)
        throw badSetting('smsHeaders', `is not NAME: VALUE in its line ${index + 1}`);
      if (reserved.has(name.toLowerCase())) throw badSetting('smsHeaders', `may not hold ${name}`);
      return [name.toLowerCase(), value];
    }),
  );
}
