/** `npm run check`: types, lint and format, and the walls between the rooms, side by side. Fails if any of them does. */
import { spawn } from 'node:child_process';

interface Report {
  readonly name: string;
  readonly code: number;
  readonly output: string;
  readonly seconds: number;
}

const checks: Readonly<Record<string, readonly string[]>> = {
  types: ['node_modules/typescript/bin/tsc', '-p', '.'],
  lint: ['node_modules/@biomejs/biome/bin/biome', 'ci', '--colors=off', '.'],
  rooms: [
    'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs',
    '--config',
    '.dependency-cruiser.mjs',
    'src',
    'test',
  ],
};

function run(name: string, command: readonly string[]): Promise<Report> {
  const started = Date.now();
  return new Promise((resolve) => {
    const child = spawn(process.execPath, command, { stdio: ['ignore', 'pipe', 'pipe'] });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.on('close', (code) => {
      const output = Buffer.concat(chunks).toString();
      resolve({ name, code: code ?? 1, output, seconds: (Date.now() - started) / 1000 });
    });
  });
}

const reports = await Promise.all(Object.entries(checks).map(([name, command]) => run(name, command)));
for (const { name, code, output, seconds } of reports) {
  process.stdout.write(`${code === 0 ? 'ok  ' : 'FAIL'} ${name} (${seconds.toFixed(1)} s)\n`);
  if (code !== 0) process.stdout.write(`${output}\n`);
}
process.exitCode = reports.some((report) => report.code !== 0) ? 1 : 0;
