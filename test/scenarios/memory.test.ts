import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { authorize, codeFor, redeem } from '../support/sign-in.ts';
import { startUsher, temporaryFolder, type Usher } from '../support/usher.ts';
import { newVisitor } from '../support/visitor.ts';

/** What the idle server may hold, and what sign-ins one after another may add, in megabytes. */
const most = { idle: 150, added: 50 };
const signIns = 30;

/** Resident memory in megabytes (proc(5), `VmRSS`). */
const resident = ({ pid }: Usher): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;

test(`the idle server holds at most ${most.idle} MB, and ${signIns} sign-ins add at most ${most.added}`, {
  skip: process.platform === 'linux' ? false : 'reads /proc',
}, async (t) => {
  const data = temporaryFolder();
  // The first start also compiles what is not in Node's compile cache yet.
  await (await startUsher({ data })).stop();
  const usher = await startUsher({ data });
  t.after(() => usher.stop());
  const idle = resident(usher);
  assert.ok(idle <= most.idle, `${idle.toFixed(0)} MB when idle`);
  for (let count = 0; count < signIns; count += 1) {
    const attempt = authorize(usher);
    assert.equal((await redeem(usher, attempt, await codeFor(newVisitor(usher), attempt))).status, 200);
  }
  const added = resident(usher) - idle;
  assert.ok(added <= most.added, `${added.toFixed(0)} MB more after ${signIns} sign-ins`);
});
