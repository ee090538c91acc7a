/** What a browser says about itself: `Edge 131.0`, `Windows 10`. */
export interface Device {
  readonly browser: string | null;
  readonly operatingSystem: string | null;
}

/** More of a header than any browser sends. */
const longest = 512;

/** In this order, since most name others beside themselves. */
const browsers: readonly (readonly [name: string, token: RegExp])[] = [
  ['Edge', /\bEdgA?(?:iOS)?\/([\d.]{1,20})/],
  ['Opera', /\bOPR\/([\d.]{1,20})/],
  ['Samsung Internet', /\bSamsungBrowser\/([\d.]{1,20})/],
  ['Firefox', /\b(?:Firefox|FxiOS)\/([\d.]{1,20})/],
  ['Chrome', /\b(?:Chrome|CriOS)\/([\d.]{1,20})/],
  ['Safari', /\bVersion\/([\d.]{1,20}).{0,80}\bSafari\//],
];

const systems: readonly (readonly [name: string, token: RegExp])[] = [
  ['Windows 10', /\bWindows NT 10\b/],
  ['Windows', /\bWindows\b/],
  ['Ios', /\b(?:iPhone|iPad|iPod)\b/],
  ['Android', /\bAndroid\b/],
  ['MacOs', /\bMac OS X\b/],
  ['ChromeOs', /\bCrOS\b/],
  ['Linux', /\bLinux\b/],
];

/** Reads a `User-Agent` (RFC 9110 §10.1.5); what is not known is null. */
export function deviceIn(userAgent: string | undefined): Device {
  const text = (userAgent ?? '').slice(0, longest);
  const found = browsers.flatMap(([name, token]) => {
    const version = token.exec(text)?.[1];
    return version === undefined ? [] : [`${name} ${version}`];
  });
  return {
    browser: found[0] ?? null,
    operatingSystem: systems.find(([, token]) => token.test(text))?.[0] ?? null,
  };
}
