/** One program to run. */
export interface TrustStep {
  /** Who will trust the certificate, for the person who reads it. */
  readonly store: string;
  readonly command: readonly string[];
  /** True when root has to run it and there is no sudo to become root. */
  readonly byRoot?: boolean;
}

/** What the plan depends on; asked of the machine by the command, given by tests. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  /** True when this process may write system files. */
  readonly root: boolean;
  readonly home: string;
  hasProgram(name: string): boolean;
  hasFile(path: string): boolean;
}

export interface TrustRequest {
  readonly caFile: string;
  /** Names the certificate in every store, e.g. `usher-dev-1f0a5b0c`. */
  readonly name: string;
  /** SHA-1 of the certificate in hexadecimal, as Windows and macOS find it. */
  readonly fingerprint: string;
  readonly uninstall: boolean;
}

function asRoot(machine: Machine, command: readonly string[]): TrustStep {
  const store = 'the system';
  if (machine.root) return { store, command };
  return machine.hasProgram('sudo') ? { store, command: ['sudo', ...command] } : { store, command, byRoot: true };
}

interface SystemStore {
  readonly folder: string;
  readonly update: readonly string[];
}

/** The system stores of Linux: Debian and its kin, then Fedora and its kin. */
function linuxStore(machine: Machine): SystemStore | undefined {
  if (machine.hasProgram('update-ca-certificates')) {
    return { folder: '/usr/local/share/ca-certificates', update: ['update-ca-certificates'] };
  }
  if (machine.hasProgram('update-ca-trust')) {
    return { folder: '/etc/pki/ca-trust/source/anchors', update: ['update-ca-trust', 'extract'] };
  }
  return undefined;
}

function linuxSystem(machine: Machine, { caFile, name, uninstall }: TrustRequest): readonly TrustStep[] {
  const found = linuxStore(machine);
  if (!found) return [];
  const path = `${found.folder}/${name}.crt`;
  const change = uninstall ? ['rm', '-f', path] : ['install', '-m', '644', caFile, path];
  return [change, found.update].map((command) => asRoot(machine, command));
}

/** Chromium and Chrome on Linux read the NSS database of the user, not the system's store. */
function chromium(machine: Machine, { caFile, name, uninstall }: TrustRequest): readonly TrustStep[] {
  if (!machine.hasProgram('certutil')) return [];
  const folder = `${machine.home}/.pki/nssdb`;
  const store = 'Chromium and Chrome';
  const exists = machine.hasFile(`${folder}/cert9.db`);
  const database = ['-d', `sql:${folder}`];
  if (uninstall) return exists ? [{ store, command: ['certutil', ...database, '-D', '-n', name] }] : [];
  const make = [
    { store, command: ['mkdir', '-p', folder] },
    { store, command: ['certutil', ...database, '-N', '--empty-password'] },
  ];
  const add = { store, command: ['certutil', ...database, '-A', '-t', 'C,,', '-n', name, '-i', caFile] };
  return [...(exists ? [] : make), add];
}

function macos({ home }: Machine, { caFile, fingerprint, uninstall }: TrustRequest): readonly TrustStep[] {
  const keychain = `${home}/Library/Keychains/login.keychain-db`;
  const store = 'the login keychain';
  if (uninstall) return [{ store, command: ['security', 'delete-certificate', '-t', '-Z', fingerprint, keychain] }];
  return [{ store, command: ['security', 'add-trusted-cert', '-r', 'trustRoot', '-k', keychain, caFile] }];
}

function windows({ caFile, fingerprint, uninstall }: TrustRequest): readonly TrustStep[] {
  const change = uninstall ? ['-delstore', 'Root', fingerprint] : ['-addstore', 'Root', caFile];
  return [{ store: 'the user of Windows', command: ['certutil', '-user', ...change] }];
}

/** The programs that make this machine trust the authority, or stop to; empty when no known store is there. */
export function planTrust(machine: Machine, request: TrustRequest): readonly TrustStep[] {
  if (machine.platform === 'darwin') return macos(machine, request);
  if (machine.platform === 'win32') return windows(request);
  return [...linuxSystem(machine, request), ...chromium(machine, request)];
}
