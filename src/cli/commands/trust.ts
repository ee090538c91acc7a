import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import type { CommandContext } from '../command.ts';
import { faults } from '../faults.ts';
import { paint } from '../paint.ts';
import { findProgram } from '../programs.ts';
import { readCertificate } from '../tls/read-certificate.ts';
import { type Machine, planTrust, type TrustStep } from '../trust/plan.ts';

const thisMachine: Machine = {
  platform: process.platform,
  root: process.getuid?.() === 0,
  home: homedir(),
  hasProgram: (name) => findProgram(name) !== undefined,
  hasFile: existsSync,
};

/** As a person would type it into a shell. */
const typed = (command: readonly string[]): string =>
  command.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)).join(' ');

/** Throws `cli.failed` when a program is missing or refuses. */
function runStep({ command, store }: TrustStep): void {
  const [program = '', ...rest] = command;
  const { status, error } = spawnSync(findProgram(program) ?? program, rest, { stdio: 'inherit' });
  if (error || status !== 0) {
    const missing = error !== undefined && 'code' in error && error.code === 'ENOENT';
    const reason = missing ? `there is no '${program}' here` : (error?.message ?? `it ended with ${status}`);
    throw faults.failed({ reason: `'${typed(command)}' for ${store} did not succeed: ${reason}` });
  }
}

/** `usher trust`: shows what it runs, then runs it; `--dry-run` only shows. */
export async function trust({ config, terminal }: CommandContext): Promise<number> {
  const caFile = join(resolve(config.data), 'tls', 'ca.pem');
  if (!existsSync(caFile)) throw faults.noAuthority({ path: caFile });
  const certificate = readCertificate(caFile);
  if (!certificate) throw faults.damagedAuthority({ path: caFile });
  const fingerprint = certificate.fingerprint.replaceAll(':', '');
  const name = `usher-dev-${fingerprint.slice(0, 8).toLowerCase()}`;
  const steps = planTrust(thisMachine, { caFile, name, fingerprint, uninstall: config.uninstall });
  if (steps.length === 0) throw faults.noTrustStore({ path: caFile });
  const { dim, bold } = paint(terminal.interactive);
  for (const step of steps) {
    terminal.out(`${bold(typed(step.command))}  ${dim(`# ${step.store}${step.byRoot ? ', by root' : ''}`)}\n`);
    if (!config.dryRun && !step.byRoot) runStep(step);
  }
  if (!config.dryRun && steps.some(({ byRoot }) => byRoot)) throw faults.noSudo();
  if (!config.uninstall) {
    terminal.out(`\nNode.js programs trust it with NODE_EXTRA_CA_CERTS=${caFile}; Firefox asks once on its own.\n`);
  }
  return 0;
}
