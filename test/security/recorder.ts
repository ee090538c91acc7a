/** One answer as it came, with what was asked. */
export interface Heard {
  readonly asked: string;
  readonly status: number;
  /** Names and values of headers, cookies among them. */
  readonly headers: string;
  readonly body: string;
}

/** Listens to everything that this process is answered, and changes nothing of it, until it is told to stop. */
export function record(origin: string): { readonly heard: Heard[]; readonly stop: () => void } {
  const heard: Heard[] = [];
  const real = globalThis.fetch;
  globalThis.fetch = async (input, init) => {
    const response = await real(input, init);
    const url = new URL(input instanceof Request ? input.url : input);
    // The workbench shows codes on purpose, and production has none.
    if (url.origin !== origin || url.pathname.startsWith('/dev/')) return response;
    const asked = `${init?.method ?? 'GET'} ${url.pathname}`;
    const headers = [...response.headers].map(([name, value]) => `${name}: ${value}`).join('\n');
    heard.push({ asked, status: response.status, headers, body: await response.clone().text() });
    return response;
  };
  const stop = () => {
    globalThis.fetch = real;
  };
  return { heard, stop };
}

/** The value as it may stand in a text: itself, and in the forms of addresses, pages, JSON and Base64. */
export function formsOf(value: string): readonly string[] {
  const bytes = Buffer.from(value);
  return [
    ...new Set([
      value,
      encodeURIComponent(value),
      JSON.stringify(value).slice(1, -1),
      value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;'),
      bytes.toString('base64'),
      bytes.toString('base64url'),
      bytes.toString('hex'),
    ]),
  ];
}

/** Whether a text holds the value; a short number counts only where it stands alone. */
export const holds = (text: string, value: string): boolean =>
  /^\d{4,8}$/.test(value)
    ? new RegExp(`(?<![\\d.])${value}(?![\\d.])`).test(text)
    : formsOf(value).some((form) => text.includes(form));
