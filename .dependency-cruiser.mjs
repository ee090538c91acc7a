import { rooms } from './rooms.mjs';

/** Tests, and what only tests use: `testing/` folders. */
const tests = ['[.]test[.]ts$', '/testing/'];

const roomRules = Object.entries(rooms).map(([room, allowed]) => ({
  name: `room-${room}`,
  comment: `${room}/ may import only: ${allowed.join(', ') || 'nothing'} (rooms.mjs).`,
  severity: 'error',
  from: { path: `^src/${room}/`, pathNot: tests },
  to: { path: '^src/', pathNot: [`^src/${room}/`, ...allowed.map((other) => `^src/${other}/index[.]ts$`)] },
}));

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    ...roomRules,
    {
      name: 'front-door',
      comment: 'Other rooms are entered through their index.ts; what it does not export is private.',
      severity: 'error',
      from: { path: '^(src|test|bench)/([^/]+)/' },
      to: { path: '^src/[^/]+/.+', pathNot: ['^src/$2/', '^src/[^/]+/index[.]ts$'] },
    },
    {
      name: 'composition-root',
      comment: 'server.ts and main.ts also enter rooms through their doors; nobody below imports them.',
      severity: 'error',
      from: { path: '^src/[^/]+[.]ts$' },
      to: { path: '^src/[^/]+/.+', pathNot: '^src/[^/]+/index[.]ts$' },
    },
    {
      name: 'no-cycles-in-a-room',
      comment: 'Between rooms the table already forbids them.',
      severity: 'error',
      from: { path: '^src/([^/]+)/' },
      to: { circular: true, viaOnly: '^src/$1/' },
    },
    {
      name: 'own-door',
      comment: 'Inside a room import the file, not the room.',
      severity: 'error',
      from: { path: '^src/([^/]+)/', pathNot: tests },
      to: { path: '^src/$1/index[.]ts$' },
    },
    {
      name: 'no-test-in-source',
      comment: 'The product never imports its tests.',
      severity: 'error',
      from: { path: '^src/', pathNot: tests },
      to: { path: [...tests, '^test/', '^bench/', '^scripts/'] },
    },
    {
      name: 'drivers-stay-in-store',
      comment: 'Only the engine that needs a driver may name it, and the tests that look at a database from outside.',
      severity: 'error',
      from: { pathNot: '^(src/store/(sqlite|postgres)/|test/support/(sqlite|postgres))' },
      to: { path: '(^(node:)?sqlite$|^pg$|node_modules/pg/)' },
    },
    {
      name: 'federation-protocols-stay-in-federation',
      comment: 'Journeys know providers by their answers, not by their protocols.',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/federation/', ...tests] },
      to: { path: 'node_modules/(openid-client|@node-saml)/' },
    },
    {
      name: 'telemetry-sdk-stays-in-two-files',
      comment:
        'Rooms tell of their work through the port in the kernel; nothing of the SDK is loaded unless somebody asks for export.',
      severity: 'error',
      from: { path: '^(src|test|bench)/', pathNot: '^src/operations/telemetry/(open-telemetry|metric-data)[.]ts$' },
      to: { path: 'node_modules/@opentelemetry/' },
    },
    {
      name: 'resolvable',
      comment: 'An import that does not resolve would also escape the walls.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^dist/' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.mjs', '.js', '.json'],
      conditionNames: ['import', 'node', 'default', 'types'],
      exportsFields: ['exports'],
    },
  },
};
