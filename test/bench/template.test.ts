import { execFileSync } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import { expect, test } from '@jest/globals';
import { largestInput } from '../../bin/bench/largest-application.ts';
import { templateFigures } from '../../bin/bench/template.ts';
import { ROOT } from '../../bin/local/synthesise.ts';
import { checkApplication } from '../../functions/domain/environment/check.ts';
import { buildTemplate } from '../../functions/domain/template/build-template.ts';
import { resourceFaults } from '../support/resource-faults.ts';

test('the largest application is valid, fits the limits of AWS and uses what there is', () => {
  const input = largestInput();
  expect(checkApplication(input)).toEqual([]);
  const built = buildTemplate(input);
  expect(resourceFaults(built, input.environment.aws.hostHeader)).toEqual([]);
  expect(new Set(Object.values(built.template.Resources).map(({ Type }) => Type)).size).toBeGreaterThanOrEqual(12);
  expect(input.application.runtimes).toHaveLength(10);
  expect(input.application.runtimes.flatMap(({ routes }) => routes)).toHaveLength(30);
  expect(input.application.databases).toHaveLength(5);
});

test('its figure is a time beside its limit, and says of what', () => {
  const [time, size] = templateFigures({ warmUps: 0, runs: 1 });
  expect(time).toMatchObject({ unit: 'ms', limit: 20, value: expect.any(Number) });
  expect(time?.note).toContain('10 runtimes, 30 routes, 5 databases');
  expect(size?.value).toBeLessThanOrEqual(size?.limit ?? 0);
});

test('two fresh processes, each with another language and time zone, build the same bytes', () => {
  const module = (path: string) => JSON.stringify(pathToFileURL(`${ROOT}/${path}`).href);
  const script = `
    const { largestInput } = await import(${module('bin/bench/largest-application.ts')});
    const { buildTemplate } = await import(${module('functions/domain/template/build-template.ts')});
    process.stdout.write(JSON.stringify(buildTemplate(largestInput())));`;
  const [one, other] = [
    { LC_ALL: 'C', TZ: 'UTC' },
    { LC_ALL: 'tr_TR.UTF-8', TZ: 'Asia/Tokyo' },
  ].map((env) =>
    execFileSync(process.execPath, ['--disable-warning=ExperimentalWarning', '--input-type=module', '--eval', script], {
      env: { ...process.env, ...env },
      encoding: 'utf8',
    }),
  );
  expect(one).toBe(other);
  expect(one).toBe(JSON.stringify(buildTemplate(largestInput())));
});
