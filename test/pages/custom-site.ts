import type { Face } from '../../src/http/index.ts';

/** A page as a designer writes one for B2C, with what the server has to take out. */
const page = `<!DOCTYPE html>
<html>
<head>
  <title>Woodgrove Groceries</title>
  <link rel="stylesheet" href="/site/look.css" data-preload="true">
  <style>.slogan { font-style: italic }</style>
  <script src="/site/own.js" defer></script>
  <script>window.early = window.SETTINGS && window.SETTINGS.locale.lang;</script>
</head>
<body class="woodgrove">
  <div data-tenant-branding-background-color="true"><img alt="" data-tenant-branding-background="true"></div>
  <header><img src="/site/logo.svg" alt="Woodgrove" width="160"><p class="slogan" style="color: #1d4d2b">Fresh, every day</p></header>
  <div class="card"><div id="api"><p>Loading…</p></div></div>
  <footer><a href="https://woodgrove.example/privacy">Privacy</a></footer>
  <iframe src="https://evil.example"></iframe><img src="x" alt="" onerror="window.hacked = 1">
</body>
</html>`;

const look = `body { margin: 0; background: #eef4ea; color: #12261a; font-family: Georgia, serif }
[data-tenant-branding-background-color] { position: fixed; inset: 0; z-index: -1 }
[data-tenant-branding-background] { width: 100%; height: 100%; object-fit: cover }
header, footer { padding: 1rem; text-align: center }
.slogan { margin: .5rem 0 0 }
.card { max-width: 24rem; margin: 1rem auto; padding: 1.5rem; background: #fff; border: 2px solid #1d4d2b }
#api button.primary { background: #1d4d2b; color: #fff; border-radius: 2rem }
footer a { color: #1d4d2b }`;

const logo =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 160 40"><rect width="160" height="40" rx="6" fill="#1d4d2b"/><circle cx="20" cy="20" r="10" fill="#9ccc65"/></svg>';

const own = "window.late = document.querySelector('#api').dataset.name; document.documentElement.dataset.ran = 'yes';";

const files: Readonly<Record<string, readonly [type: string, body: string]>> = {
  '/site/page.html': ['text/html; charset=utf-8', page],
  '/site/look.css': ['text/css', look],
  '/site/logo.svg': ['image/svg+xml', logo],
  '/site/own.js': ['text/javascript', own],
};

/** The web site of whoever customizes the pages; `asked` collects the paths that were asked for, with their queries. */
export const customSite = (asked: string[]): Face => ({
  name: 'custom site',
  answers: ({ pathname }) => pathname.startsWith('/site/'),
  async handle({ url }) {
    asked.push(url.pathname + url.search);
    const [type, body] = files[url.pathname] ?? [];
    if (type === undefined) return { status: 404, body: 'nothing here' };
    return { status: 200, headers: { 'content-type': type, 'cache-control': 'max-age=60' }, body: body ?? '' };
  },
});
