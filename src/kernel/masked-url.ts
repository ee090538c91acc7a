/**
 * A database URL as it may be shown and logged: without its password, wherever that stands. A password may hold any sign, so
 * everything up to the last `@` counts as one.
 */
export function maskedUrl(url: string): string {
  const masked = url.replace(/^([a-z][\w+.-]*:\/\/[^:@]*):.*@/is, '$1:******@');
  return masked.replace(/([?&](?:password|sslpassword)=)[^&#]*/gi, '$1******');
}
