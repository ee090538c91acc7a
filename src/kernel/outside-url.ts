/** Names and addresses of the machine itself (RFC 8252 §7.3, RFC 6761 §6.3). */
const loopback = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Whether the host of a URL, as `URL.hostname` has it, is the machine itself. */
export const isLoopbackHost = (hostname: string): boolean => loopback.has(hostname);

/** What is wrong with an address that the server is to call, e.g. an API or an application; undefined when nothing is. */
export function flawOfOutsideUrl(url: string): string | undefined {
  // URL parsers repair or drop these, each in its own way, so two of them may see two different hosts.
  if (/[\s\\\p{Cc}]/u.test(url)) return 'it holds a space, a backslash or a control character';
  if (!/^https?:\/\/[^/?#]/i.test(url) || !URL.canParse(url)) return 'it is not an absolute https URL';
  const { protocol, hostname, username, password, hash } = new URL(url);
  if (username !== '' || password !== '') return 'it holds a user name or password';
  if (hash !== '') return 'it has a fragment';
  if (protocol === 'http:' && !isLoopbackHost(hostname)) return 'http is allowed on a loopback host only';
  return undefined;
}
