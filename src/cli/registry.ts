import type { Command } from './command.ts';

/** Every command, in the order `usher help` lists them. */
export const commands: readonly Command[] = [
  {
    name: 'dev',
    summary: 'Run the server in development mode: loopback only, own certificate, seeded tenant, outbox.',
    forms: [''],
    operands: 0,
    load: async () => (await import('./commands/dev.ts')).dev,
  },
  {
    name: 'serve',
    summary: 'Run the server in production: own certificate, key and database; refuses what is unsafe.',
    forms: [''],
    operands: 0,
    load: async () => (await import('./commands/serve.ts')).serve,
  },
  {
    name: 'migrate',
    summary: 'Bring the tables of a database up to this version, or say whether they are.',
    forms: ['up', 'status'],
    operands: 1,
    load: async () => (await import('./commands/migrate.ts')).migrate,
  },
  {
    name: 'tenant',
    summary: 'Create, list or delete the tenants of a database.',
    forms: ['create DOMAIN [DOMAIN…]', 'list', 'delete ID|DOMAIN'],
    load: async () => (await import('./commands/tenant.ts')).tenant,
  },
  {
    name: 'flow',
    summary: 'Say what a user flow does, or walk it in this terminal, without a browser.',
    forms: ['list', 'explain FLOW', 'explain --app ID', 'run FLOW'],
    operands: 2,
    load: async () => (await import('./commands/flow.ts')).flow,
  },
  {
    name: 'connector',
    summary: 'Ask an API that flows call, for a person who does not exist, and say what they would make of its answer.',
    forms: ['list', 'test URL|CONNECTOR', 'replay CALL'],
    operands: 2,
    load: async () => (await import('./commands/connector.ts')).connector,
  },
  {
    name: 'trust',
    summary: 'Let this machine and its browsers trust the development certificate.',
    forms: [''],
    operands: 0,
    load: async () => (await import('./commands/trust.ts')).trust,
  },
  {
    name: 'doctor',
    summary: 'Check what the server needs and say how to mend what is missing.',
    forms: [''],
    operands: 0,
    load: async () => (await import('./commands/doctor.ts')).doctor,
  },
  {
    name: 'healthcheck',
    summary: 'Ask the server on this machine whether it is ready, or lives; for container probes.',
    forms: ['[ready|live]'],
    operands: 1,
    load: async () => (await import('./commands/healthcheck.ts')).healthcheck,
  },
  {
    name: 'config',
    summary: 'Print the settings in force and where each comes from; secrets are masked.',
    forms: ['print'],
    load: async () => (await import('./commands/config.ts')).config,
  },
  {
    name: 'openapi',
    summary: 'Print the OpenAPI description of the management API; of beta unless told otherwise.',
    forms: ['[v1.0|beta]'],
    operands: 1,
    load: async () => (await import('./commands/openapi.ts')).openapi,
  },
  {
    name: 'help',
    summary: 'List the commands, or the settings of one.',
    forms: ['[COMMAND]'],
    operands: 1,
    load: async () => (await import('./commands/help.ts')).help,
  },
  {
    name: 'version',
    summary: 'Print the version of Usher and of the Node.js that runs it.',
    forms: [''],
    operands: 0,
    load: async () => (await import('./commands/version.ts')).version,
  },
];
