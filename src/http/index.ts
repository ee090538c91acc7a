/** What the faces have in common: the exchange, the reply, cookies, forms, headers and the listener that carries them. */

export { acceptedLanguages } from './accept-language.ts';
export { type Asset, createAsset } from './asset.ts';
export { connectionPlaces } from './capacity.ts';
export { watchConnections } from './connections.ts';
export { parseCookies, serializeCookie } from './cookies.ts';
export { documentReply, type Sources, sentByOwnPage } from './document.ts';
export type { Exchange, Face, Reply } from './face.ts';
export { faults as httpFaults } from './faults.ts';
export { parseForm, parseQuery, readForm } from './form.ts';
export type { Proxies } from './forwarded.ts';
export { attributes, type Html, html, type Piece, printHtml, sanitized } from './html.ts';
export { jsonReply, readJson, redirect } from './json.ts';
export { createListener, type Listener } from './listener.ts';
export { mediaType } from './media-type.ts';
export { loopbackOrigins } from './origin.ts';
export { retryAfterOf } from './retry-after.ts';
export type { Tls } from './server.ts';
export { createStencil, type Stencil } from './stencil.ts';
