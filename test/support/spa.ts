import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { listenOnLoopback } from './loopback.ts';

/** A single-page application of somebody else: plain pages around an unmodified `@azure/msal-browser`. */
export interface Spa {
  /** `http://localhost:<port>`, without a trailing slash. */
  readonly origin: string;
  /** The page the application lives on; registered as a redirect URI. */
  readonly home: string;
  /** The page that hands answers of hidden frames to the application (MSAL 5's redirect bridge). */
  readonly bridge: string;
  close(): Promise<void>;
}

const library = new URL('../../node_modules/@azure/msal-browser/lib/', import.meta.url);

/**
 * The whole application. `start` is called by the test with MSAL's configuration, kept in the session across the redirects;
 * `result` settles to what `handleRedirectPromise` said after the last navigation.
 */
const application = `
const kept = sessionStorage.getItem('test.configuration');
window.begin = async (configuration) => {
  sessionStorage.setItem('test.configuration', JSON.stringify(configuration));
  window.client = await msal.createStandardPublicClientApplication(configuration);
};
window.result = (async () => {
  if (!kept) return { kind: 'fresh' };
  window.client = await msal.createStandardPublicClientApplication(JSON.parse(kept));
  try {
    const answer = await window.client.handleRedirectPromise();
    return answer ? { kind: 'answer', answer } : { kind: 'nothing' };
  } catch (error) {
    return { kind: 'error', name: error.name, code: error.errorCode, message: error.errorMessage };
  }
})();
`;

const page = (script: string, code: string): string =>
  `<!doctype html><html lang="en"><title>Application</title><script src="${script}"></script><script>${code}</script>`;

const files: Readonly<Record<string, () => readonly [type: string, body: string]>> = {
  '/': () => ['text/html', page('/msal.js', application)],
  '/bridge': () => ['text/html', page('/bridge.js', 'msalRedirectBridge.broadcastResponseToMainFrame();')],
  '/msal.js': () => ['text/javascript', readFileSync(new URL('msal-browser.min.js', library), 'utf8')],
  '/bridge.js': () => [
    'text/javascript',
    readFileSync(new URL('redirect-bridge/msal-redirect-bridge.min.js', library), 'utf8'),
  ],
};

export async function startSpa(): Promise<Spa> {
  const server: Server = createServer((request, response) => {
    const file = files[new URL(request.url ?? '/', 'http://localhost').pathname];
    if (!file) {
      response.writeHead(404).end();
      return;
    }
    const [type, body] = file();
    response.writeHead(200, { 'content-type': type }).end(body);
  });
  const { port, close } = await listenOnLoopback(server);
  const origin = `http://localhost:${port}`;
  return {
    origin,
    home: `${origin}/`,
    bridge: `${origin}/bridge`,
    close,
  };
}
