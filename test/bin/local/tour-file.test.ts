import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { ROOT } from '../../../bin/local/synthesise.ts';
import { readTourFile } from '../../../bin/local/tour-file.ts';
import { RELEASES, releaseNames } from '../../../bin/local/working-clone.ts';

const path = join(ROOT, 'examples/shop/tour.yaml');

test('the tour tells every release of the example once, in order', () => {
  expect(readTourFile(path).map(({ release }) => release)).toEqual(releaseNames());
});

test('what it says of a release is one line of a narrow terminal, and not the message of its commit again', () => {
  for (const { release, says } of readTourFile(path)) {
    expect(says).toMatch(/^[^\n]{1,79}$/);
    expect(says).not.toBe(readFileSync(join(RELEASES, release, 'MESSAGE.txt'), 'utf8').trim());
  }
});
