import { resolve } from 'node:path';
import type { Config } from '../../kernel/index.ts';
import type { CommandContext } from '../command.ts';
import { databaseUrlOf } from '../data-folder.ts';
import type { Finding } from '../doctor/check.ts';
import {
  checkCertificate,
  checkDatabase,
  checkFolder,
  checkKey,
  checkOwnCertificate,
  checkSecrets,
  checkTrust,
} from '../doctor/files.ts';
import { checkBrowser, checkClock, checkPort, checkRuntime } from '../doctor/machine.ts';
import { paint } from '../paint.ts';

/** Those of production where they are named, else those of development mode. */
function certificates({ tlsCert: cert, tlsKey: key }: Config, path: string): readonly Finding[] {
  if (cert !== undefined && key !== undefined) return [checkOwnCertificate({ cert, key })];
  return [checkCertificate(path), ...checkTrust(path)];
}

/** Of a folder that cannot be used, nothing in it is examined. */
async function checkData(config: Config): Promise<readonly Finding[]> {
  const path = resolve(config.data);
  const folder = checkFolder(path);
  if (folder.level === 'fail') return [folder];
  const { findings, current } = await checkDatabase(databaseUrlOf(config));
  const secrets = current ? await checkSecrets(config) : [];
  return [folder, ...checkKey(path), ...findings, ...secrets, ...certificates(config, path)];
}

/** `usher doctor`: one line per finding with its cure; exit code 1 when the server could not run. */
export async function doctor({ config, terminal }: CommandContext): Promise<number> {
  const findings: readonly Finding[] = [
    checkRuntime(),
    checkClock(),
    ...(await checkData(config)),
    await checkPort(config.host, config.port),
    ...(config.managementPort === undefined ? [] : [await checkPort(config.managementHost, config.managementPort)]),
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
