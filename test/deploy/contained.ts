import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../bin/usher.mjs', import.meta.url));
export const imageUser = 65532;

const namespaces = ['--user', '--map-root-user', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc'];

/**
 * As a container engine runs the image: nothing can be written but the folders that are named, the user has no rights, the program is process 1. Its
 * first words are the folders, up to a '--'.
 */
const script = `
set -eu
writable=
while [ "$1" != -- ]; do mount --bind "$1" "$1"; writable="$writable $1"; shift; done
shift
while read -r _ _ _ _ place options _; do
  case "$place" in /proc | /proc/*) ;; *) mount -o "remount,bind,ro\${options#r[ow]}" "$place" ;; esac
done < /proc/self/mountinfo
for place in $writable; do mount -o remount,bind,rw "$place"; done
exec unshare --user --map-user=${imageUser} --map-group=${imageUser} "$@"
`;

/** Why it cannot be tried here, in one sentence; false when it can. */
export function cannotContain(): string | false {
  const words = ['sh', '-c', script, 'sh', '--', 'true'];
  const { status, error } = spawnSync('unshare', [...namespaces, ...words], { encoding: 'utf8' });
  return status === 0 ? false : `this system lets nobody make namespaces of their own (${error?.message ?? status})`;
}

export interface Contained {
  readonly child: ChildProcess;
  /** Of process 1, as the outside counts. */
  pid(): number;
  /** Everything it has printed. */
  text(): string;
  /** Its exit code. */
  readonly ended: Promise<number | null>;
}

/** Runs `usher` as in a container. `writable`: folders that exist. */
export function contained(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  writable: readonly string[],
): Contained {
  const words = ['sh', '-c', script, 'sh', ...writable, '--', process.execPath, program, ...args];
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('USHER_'));
  const env = { ...Object.fromEntries(inherited), ...environment };
  const child = spawn('unshare', [...namespaces, ...words], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const printed: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => printed.push(chunk.toString()));
  return {
    child,
    pid: () => Number(readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim()),
    text: () => printed.join(''),
    ended: new Promise((resolve) => child.once('close', resolve)),
  };
}

/** Where the process can write: mounts that are not read-only, but for those of the kernel. A mount covers what was mounted there before. */
export function writableMounts(pid: number): readonly string[] {
  const lines = readFileSync(`/proc/${pid}/mountinfo`, 'utf8').trimEnd().split('\n');
  const options = new Map(lines.map((line) => line.split(' ')).map((words) => [words[4] ?? '', words[5] ?? '']));
  return [...options.keys()].filter(
    (place) => !/^\/proc(\/|$)/.test(place) && !/^ro(,|$)/.test(options.get(place) ?? ''),
  );
}

/** A line of `/proc/PID/status`. */
export const statusOf = (pid: number, name: string): string =>
  new RegExp(`^${name}:\\s*(.*)$`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? '';
