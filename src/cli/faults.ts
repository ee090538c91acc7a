import { defineFaults } from '../kernel/index.ts';

/** `status` is the exit code of the process here, not an HTTP status: 1 failure, 2 usage, 69 a dependency is down, 78 configuration. */
export const faults = defineFaults('cli', {
  unknownCommand: { status: 2, message: "There is no command '{command}'.{suggestion} 'usher help' lists them." },
  usage: { status: 2, message: "{problem} 'usher help {command}' shows how." },
  notLoopback: {
    status: 78,
    message:
      "'usher dev' listens on loopback addresses only, not on '{host}': everybody who reaches it may read its mails and move its clock.",
  },
  unsafe: { status: 78, message: "'usher serve' does not start: {flaw}" },
  unusableCertificate: { status: 78, message: "The certificate '{path}' cannot be used: {reason}." },
  portInUse: {
    status: 1,
    message: 'Port {port} of {host} is in use: stop what listens there, or choose another with {flag}.',
  },
  portForbidden: {
    status: 1,
    message: 'Port {port} may not be opened by this user: choose one above 1023 with {flag}.',
  },
  noAddress: { status: 1, message: "This machine has no address '{host}' to listen on." },
  unknownProviderKind: {
    status: 78,
    message: "There is no kind of identity provider '{kind}' with addresses of its own.{suggestion}",
  },
  unusableAuthorities: {
    status: 78,
    message: "The file '{path}' that --outside-ca names cannot be used: {reason}.",
  },
  badFolder: { status: 78, message: "The folder '{path}' cannot be used: {reason}" },
  badSecretKey: {
    status: 78,
    message:
      "'{path}' does not hold a key of 32 bytes in base64. Without the right key the stored secrets cannot be read.",
  },
  unreadableSeed: { status: 78, message: "The seed file '{path}' cannot be read: {reason}" },
  badSeed: { status: 78, message: "The seed {origin} is wrong at '{place}': {reason}" },
  noSuchTenant: { status: 1, message: "There is no tenant '{tenant}'." },
  noAuthority: { status: 1, message: "There is no certificate at '{path}' yet: start 'usher dev' once." },
  damagedAuthority: {
    status: 1,
    message: "The certificate at '{path}' cannot be read: start 'usher dev' once, which replaces a damaged one.",
  },
  noTrustStore: {
    status: 1,
    message: "No store of trusted certificates was found. Import '{path}' into your system or browser by hand.",
  },
  noSudo: {
    status: 1,
    message: "There is no 'sudo' on this machine: run the commands above that are marked 'by root' as root.",
  },
  wrongSecretKey: {
    status: 78,
    message: "{source} is not the key that the secrets in '{url}' were stored with: put that key back, or {cure}.",
  },
  failed: { status: 1, message: '{reason}' },
});
