/** Names and addresses of the machine itself (RFC 8252 §7.3, RFC 6761 §6.3). */
const loopback = new Set(['localhost', '127.0.0.1', '[::1]']);

/** What is wrong with the address of an API that is to be called; undefined when nothing is. */
export function flawOfTargetUrl(targetUrl: string): string | undefined {
  // URL parsers repair or drop these, each in its own way, so two of them may see two different hosts.
  if (/[\s\\\p{Cc}]/u.test(targetUrl)) return 'it holds a space, a backslash or a control character';
  if (!/^https?:\/\/[^/?#]/i.test(targetUrl) || !URL.canParse(targetUrl)) return 'it is not an absolute https URL';
  const { protocol, hostname, username, password, hash } = new URL(targetUrl);
  if (username !== '' || password !== '') return 'it holds a user name or password';
  if (hash !== '') return 'it has a fragment';
  if (protocol === 'http:' && !loopback.has(hostname)) return 'http is allowed on a loopback host only';
  return undefined;
}
