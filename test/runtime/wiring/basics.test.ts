import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { basics } from '../../../functions/runtime/wiring/basics.ts';
import { lambdaWorld } from '../../../functions/runtime/world.ts';

const lines: string[] = [];
let stdout: ReturnType<typeof jest.spyOn>;

beforeEach(() => {
  lines.length = 0;
  stdout = jest.spyOn(process.stdout, 'write').mockImplementation((line) => {
    lines.push(String(line));
    return true;
  });
});
afterEach(() => {
  stdout.mockRestore();
});

const log = () => basics.log({ ...lambdaWorld(), environment: { AWS_LAMBDA_FUNCTION_NAME: 'slipway-Sweep1234' } });

test('a metric is one line with one dimension of one value, so that alarms find it whoever sends it', () => {
  log().count('SweeperRepairs', 2);
  log().measure('QueueSeconds', 61.5);
  const [repairs, queue] = lines.map((line) => JSON.parse(line));
  expect(repairs).toMatchObject({ service: 'slipway', SweeperRepairs: 2 });
  expect(repairs._aws.CloudWatchMetrics).toEqual([
    { Namespace: 'Slipway', Dimensions: [['service']], Metrics: [{ Name: 'SweeperRepairs', Unit: 'Count' }] },
  ]);
  expect(queue._aws.CloudWatchMetrics[0].Metrics).toEqual([{ Name: 'QueueSeconds', Unit: 'Seconds' }]);
  expect(queue).toMatchObject({ service: 'slipway', QueueSeconds: 61.5 });
});

test('where nothing happened no metric is sent: it would be paid for', () => {
  log().count('SweeperRepairs', 0);
  expect(lines).toEqual([]);
});
