import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { remains } from '../../../bin/cdk/remains.ts';
import { getStage } from '../../../infra/aws/get-stage.ts';

let assembly: string;
beforeAll(() => {
  assembly = mkdtempSync(join(tmpdir(), 'test-remains-'));
});
afterAll(() => rmSync(assembly, { recursive: true, force: true }));

const write = (name: string, value: object) => writeFileSync(join(assembly, name), JSON.stringify(value));
const { clusters, ...stage } = getStage('example');

test('what templates retain is counted by type, and templates of another stage are not looked at', () => {
  write('manifest.json', {
    artifacts: { slipway: { properties: { templateFile: 'slipway.template.json' } }, tree: {} },
  });
  write('other.template.json', { Resources: { Bucket: { Type: 'AWS::S3::Bucket', DeletionPolicy: 'Retain' } } });
  write('slipway.template.json', {
    Resources: {
      One: { Type: 'AWS::DynamoDB::Table', DeletionPolicy: 'Retain' },
      Two: { Type: 'AWS::DynamoDB::Table', DeletionPolicy: 'RetainExceptOnCreate' },
      Three: { Type: 'AWS::Events::Rule' },
      Four: { Type: 'AWS::Lambda::Version', DeletionPolicy: 'Retain' },
    },
  });
  expect(remains(assembly, { ...stage, clusters: [] })).toEqual([
    'What is kept, and costs until you delete it yourself:',
    '  AWS::DynamoDB::Table (2)',
  ]);
  expect(remains(assembly, { ...stage, clusters }).at(-1)).toContain(
    'CloudFormation remembers slipway-cloudformation-local',
  );
});

test('what has a fixed name and is kept stands in the way of the next deploy, and that is said', () => {
  write('manifest.json', { artifacts: { slipway: { properties: { templateFile: 'slipway.template.json' } } } });
  write('slipway.template.json', { Resources: { Documents: { Type: 'AWS::S3::Bucket', DeletionPolicy: 'Retain' } } });
  expect(remains(assembly, { ...stage, clusters: [] }).at(-1)).toMatch(
    /fixed names: before this stage is deployed again/,
  );
});

test('where nothing is retained nothing is left', () => {
  write('manifest.json', { artifacts: {} });
  expect(remains(assembly, { ...stage, clusters: [] })).toEqual(['Nothing of the control plane is left.']);
});
