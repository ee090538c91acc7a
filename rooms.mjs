/**
 * Which room may import which, through its door only. The only copy: the lint, the docs and the test of the wall read it.
 * A room may import only rooms of a lower rank; `src/main.ts`, `src/server.ts` and `src/cli/` may import every room.
 */
export const rooms = {
  kernel: [],
  model: ['kernel'],
  connectors: ['kernel'],
  http: ['kernel'],
  store: ['model', 'kernel'],
  directory: ['store', 'model', 'kernel'],
  identity: ['directory', 'store', 'model', 'kernel'],
  federation: ['connectors', 'directory', 'store', 'model', 'kernel'],
  operations: ['http', 'kernel'],
  webhooks: ['connectors', 'directory', 'store', 'model', 'kernel'],
  flows: ['federation', 'identity', 'connectors', 'directory', 'store', 'model', 'kernel'],
  graph: ['directory', 'http', 'model', 'kernel'],
  oidc: ['flows', 'identity', 'connectors', 'directory', 'store', 'http', 'model', 'kernel'],
  pages: ['flows', 'directory', 'http', 'model', 'kernel'],
  workbench: ['connectors', 'directory', 'http', 'model', 'kernel'],
};
