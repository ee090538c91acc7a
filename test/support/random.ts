/** How many cases a test generates when it usually generates so many; `FUZZ_RUNS=100000` looks longer. */
export const fuzzRuns = (usual: number): number => Number(process.env['FUZZ_RUNS'] ?? usual);

/** Where generation begins: the same cases every time, unless `FUZZ_SEED` says otherwise. */
export const fuzzSeed = Number(process.env['FUZZ_SEED'] ?? 20_261_121);

/** How many cases a test generates: few in `npm test`, all in `npm run test:long`. */
export const longRuns = (usual: number, all: number): number =>
  fuzzRuns(process.env['TEST_LONG'] === '1' ? all : usual);
