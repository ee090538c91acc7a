/** A database URL as it may be shown and logged: without its password, wherever that stands. */
export function maskedUrl(url: string): string {
  const host = url.replace(/^([a-z][\w+.-]*:\/\/)([^/?#]*)@/i, (_, scheme: string, account: string) => {
    const [user = ''] = account.split(':');
    return `${scheme}${account.includes(':') ? `${user}:******` : user}@`;
  });
  return host.replace(/([?&](?:password|sslpassword)=)[^&#]*/gi, '$1******');
}
