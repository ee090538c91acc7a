/**
 * Moves the clock of a process, as somebody who sets the clock of its machine would: loaded with `--import`, by as many milliseconds as stand in
 * the file that `TEST_CLOCK` names, at any moment. What counts elapsed time goes on as it did.
 */
import { readFileSync } from 'node:fs';

const file = process.env['TEST_CLOCK'] ?? '';
/** The file is read again after so many milliseconds. */
const heldMilliseconds = 10;
const unmoved = Date.now;
let [offset, looked] = [0, Number.NEGATIVE_INFINITY];

Date.now = () => {
  const elapsed = performance.now();
  if (elapsed - looked > heldMilliseconds) [offset, looked] = [Number(readFileSync(file, 'utf8')), elapsed];
  return unmoved() + offset;
};

globalThis.Date = new Proxy(Date, {
  construct: (target, values, newTarget) =>
    Reflect.construct(target, values.length === 0 ? [Date.now()] : values, newTarget) as Date,
});
