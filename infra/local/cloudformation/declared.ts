import type { World } from '../part.ts';
import type { Declaration, Records } from './records.ts';
import { parseTemplate } from './template/parse-template.ts';
import { type Prepared, prepare } from './template/prepare.ts';

/** A stored declaration as the template that applies: the same answer each time, since everything it needs is stored. */
export const loadDeclared = (
  records: Records,
  { account, region }: Pick<World, 'account' | 'region'>,
  stackId: string,
  declaration: Declaration,
): Prepared =>
  prepare(
    parseTemplate(records.template(declaration.templateId)),
    { ...declaration.parameters, ...declaration.resolved },
    {
      ...{ account, region, stackId },
      stackName: stackId.split('/')[1] ?? stackId,
    },
  );
