import { resolve } from 'node:path';
import type { CommandContext } from '../command.ts';
import { databaseUrlOf } from '../data-folder.ts';
import type { Finding } from '../doctor/check.ts';
import { checkCertificate, checkDatabase, checkFolder, checkKey, checkTrust } from '../doctor/files.ts';
import { checkBrowser, checkClock, checkPort, checkRuntime } from '../doctor/machine.ts';
import { paint } from '../paint.ts';

/** `usher doctor`: one line per finding with its cure; exit code 1 when the server could not run. */
export async function doctor({ config, terminal }: CommandContext): Promise<number> {
  const folder = resolve(config.data);
  const findings: readonly Finding[] = [
    checkRuntime(),
    checkClock(),
    checkFolder(folder),
    ...checkKey(folder),
    await checkDatabase(databaseUrlOf(config)),
    checkCertificate(folder),
    ...checkTrust(folder),
    await checkPort(config.host, config.port),
    ...checkBrowser(),
  ];
  if (config.json) terminal.out(`${JSON.stringify(findings)}\n`);
  else {
    const { good, warn, bad, dim } = paint(terminal.interactive);
    const marks = { ok: good('ok  '), warn: warn('warn'), fail: bad('FAIL') };
    for (const { level, subject, words, cure } of findings) {
      terminal.out(`${marks[level]} ${subject.padEnd(11)} ${words}\n`);
      if (cure !== undefined) terminal.out(`${' '.repeat(17)}${dim(cure)}\n`);
    }
  }
  return findings.some(({ level }) => level === 'fail') ? 1 : 0;
}
