/** `npm run build`: `dist/`, the JavaScript of the published package. Node.js runs no TypeScript below `node_modules`. */
import { spawnSync } from 'node:child_process';
import { cpSync, globSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

const root = new URL('../', import.meta.url).pathname;
process.chdir(root);
rmSync('dist', { recursive: true, force: true });

const configuration = 'node_modules/.cache/tsconfig.build.json';
mkdirSync(dirname(configuration), { recursive: true });
writeFileSync(
  configuration,
  JSON.stringify({
    extends: '../../tsconfig.json',
    // Types are looked at by `npm run check`; here they are only taken out.
    compilerOptions: {
      noEmit: false,
      noCheck: true,
      outDir: '../../dist',
      rootDir: '../../src',
      typeRoots: ['../@types'],
    },
    include: ['../../src'],
    exclude: ['../../src/**/*.test.ts', '../../src/**/testing/**'],
  }),
);
const { status } = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', configuration], {
  stdio: 'inherit',
});
if (status !== 0) process.exit(status ?? 1);

const assets = globSync('src/**/*.{json,css,js,svg,html}');
for (const file of assets) {
  const target = file.replace(/^src/, 'dist');
  mkdirSync(dirname(target), { recursive: true });
  cpSync(file, target);
}
process.stdout.write(`dist/: ${globSync('dist/**/*.js').length} modules, ${assets.length} assets\n`);
