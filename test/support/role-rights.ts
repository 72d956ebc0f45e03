import type { Template } from '../../functions/domain/template/template.ts';
import { type PolicyDocument, verdictOf } from '../../infra/local/iam/policy.ts';
import type { Properties } from '../../infra/local/part.ts';
import { resolved } from './in-example-cluster.ts';
import { ACCOUNT } from './service-role.ts';
import { listed, resourceOf, type Statement } from './synthesised.ts';

/** An action on a resource that a template writes into the role of a runtime. */
export interface Right {
  readonly policy: string;
  readonly action: string;
  readonly resource: string;
}

/** As they would be in the cluster of the example stage. */
export const rightsOf = (template: Template): readonly Right[] =>
  Object.values(template.Resources)
    .filter(({ Type }) => Type === 'AWS::IAM::Role')
    .flatMap(({ Properties = {} }) => inlineOf(resolved(Properties, template) as Properties));

/** What the boundary, as it is synthesised, says of a right. */
export const boundaryVerdict = ({ action, resource }: Right): 'allow' | 'deny' | 'none' => {
  const [, { Properties = {} }] = resourceOf('AWS::IAM::ManagedPolicy', 'Boundary');
  const context = { 'aws:ResourceAccount': ACCOUNT };
  return verdictOf([Properties['PolicyDocument'] as PolicyDocument], { action, resource, context });
};

const inlineOf = ({ Policies = [] }: Properties): readonly Right[] =>
  (Policies as readonly Inline[]).flatMap(({ PolicyName, PolicyDocument: { Statement: statements } }) =>
    statements.flatMap(({ Action, Resource }) =>
      listed(Action).flatMap((action) =>
        listed(Resource as string | readonly string[]).map((resource) => ({ policy: PolicyName, action, resource })),
      ),
    ),
  );

interface Inline {
  readonly PolicyName: string;
  readonly PolicyDocument: { readonly Statement: readonly Statement[] };
}
