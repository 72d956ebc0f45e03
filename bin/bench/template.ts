import { buildTemplate } from '../../functions/domain/template/build-template.ts';
import { type Figure, median } from './figure.ts';
import { largestInput } from './largest-application.ts';

/** How long the template of the largest application takes, once V8 has compiled the builder. */
export const templateFigures = ({ warmUps = 20, runs = 21 } = {}): readonly Figure[] => {
  const input = largestInput();
  for (let run = 0; run < warmUps; run++) buildTemplate(input);
  const { template } = buildTemplate(input);
  const { runtimes, databases } = input.application;
  const routes = runtimes.flatMap((runtime) => runtime.routes);
  return [
    {
      what: 'template of the largest application',
      value: median(Array.from({ length: runs }, () => millisOf(input))),
      unit: 'ms',
      limit: 20,
      note: `median of ${runs}; ${runtimes.length} runtimes, ${routes.length} routes, ${databases.length} databases, ${Object.keys(template.Resources).length} resources`,
    },
    {
      what: 'its size',
      value: Buffer.byteLength(JSON.stringify(template)),
      unit: 'bytes',
      limit: 1_000_000,
      note: 'as S3 has it for CloudFormation',
    },
  ];
};

const millisOf = (input: Parameters<typeof buildTemplate>[0]): number => {
  const from = performance.now();
  buildTemplate(input);
  return performance.now() - from;
};
