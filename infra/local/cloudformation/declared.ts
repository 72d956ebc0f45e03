import type { World } from '../part.ts';
import type { Records } from './open-records.ts';
import type { Declaration } from './records.ts';
import { type Prepared, prepare } from './template/prepare.ts';

/** A stored declaration as the template that applies: the same answer each time, since everything it needs is stored. */
export const loadDeclared = (
  records: Records,
  { account, region }: Pick<World, 'account' | 'region'>,
  stackId: string,
  declaration: Declaration,
): Prepared =>
  prepare(
    records.parsed(declaration.templateId),
    { ...declaration.parameters, ...declaration.resolved },
    {
      ...{ account, region, stackId },
      stackName: stackId.split('/')[1] ?? stackId,
    },
  );
