import { type Html, html, type Piece } from '../http/index.ts';

export type Room = 'try' | 'outbox';

const rooms: readonly (readonly [Room, string, string])[] = [
  ['try', '/try/', 'Try a flow'],
  ['outbox', '/dev/outbox/', 'Outbox'],
];

export function renderShell(current: Room, title: string, content: Piece): Html {
  const links = rooms.map(
    ([room, path, label]) => html`<a href="${path}"${room === current && html` aria-current="page"`}>${label}</a>`,
  );
  return html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · Usher</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/try/app.css">
<script type="module" src="/try/app.js"></script>
</head>
<body>
<header class="top"><span class="logo">Usher</span><span class="chip">development</span><nav aria-label="Tools">${links}</nav></header>
${content}
</body>
</html>
`;
}
