import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { certificateFor } from '../../test/support/certificate.ts';
import { temporaryFolder } from '../../test/support/usher.ts';
import { outsideAuthorities } from './outside-authorities.ts';

test('every certificate of every file is read, and a file that holds none is refused', () => {
  const folder = temporaryFolder();
  const write = (name: string, content: string) => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  const [first, second] = [certificateFor('one').certificate, certificateFor('two').certificate];
  const bundle = write('bundle.pem', `# of the company\r\n${first}\r\n${second}`);
  assert.equal(outsideAuthorities([bundle, write('first.pem', first)]).length, 3);
  assert.deepEqual(outsideAuthorities([]), []);
  const broken = first.replace(/MII/, 'AAA');
  for (const path of [write('none.pem', 'x'), write('broken.pem', broken), join(folder, 'missing.pem')]) {
    assert.throws(() => outsideAuthorities([path]), { code: 'cli.unusableAuthorities', status: 78 });
  }
});
