import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { type FunctionRow, manifest, pascal, variablesOf } from '../../functions/manifest.ts';
import { deployment } from '../../statemachines/deployment.asl.ts';
import { request } from '../../statemachines/request.asl.ts';
import { alarmTopicIn } from './alarm-topic.ts';
import { alarmsIn } from './alarms.ts';
import { controlEvents } from './control-events.ts';
import { dashboardIn } from './dashboard.ts';
import { deadLettersIn } from './dead-letters.ts';
import { functionFrom } from './functions.ts';
import { machineFrom } from './machines.ts';
import { deployRoleArn, machineNames, outputIdOf } from './names.ts';
import { type Grantable, statementsFor } from './permissions.ts';
import type { Stage } from './stage.ts';
import { type Storage, storageIn } from './storage.ts';
import { watchedIn } from './watched.ts';
import { webhookApi } from './webhook-api.ts';

/** The control plane: once per stage. */
export class ControlStack extends Stack {
  constructor(scope: Construct, id: string, props: StackProps & { readonly stage: Stage; readonly bundles: string }) {
    super(scope, id, props);
    const { stage, bundles } = props;
    const storage = storageIn(this, stage);
    const grantable = this.grantable(storage, stage);
    const deadLetters = deadLettersIn(this);
    const functions = new Map<string, LambdaFunction>();
    for (const row of manifest.filter(({ home }) => home === 'control')) {
      const environment = environmentOf(row, storage, grantable);
      const statements = statementsFor(row, grantable);
      const options = { stage, bundles, environment, statements, deadLetters };
      functions.set(pascal(row.name), functionFrom(this, row, options));
    }
    machineFrom(this, 'RequestMachine', { stage, name: machineNames.request, machine: request, functions });
    machineFrom(this, 'DeploymentMachine', { stage, name: machineNames.deployment, machine: deployment, functions });
    controlEvents(this, stage, { functions, deadLetters });
    const { api, url, accessLogs } = webhookApi(this, stage, functions);
    new CfnOutput(this, 'WebhookUrl', { value: url });
    const watched = watchedIn(this, { api, accessLogs, deadLetters, functions });
    dashboardIn(this, watched, alarmsIn(this, watched, alarmTopicIn(this, stage, deadLetters)));
    this.outputs(storage, grantable);
    const checkCluster = functions.get(pascal('check-cluster'))?.functionArn ?? '';
    new CfnOutput(this, outputIdOf('CHECK_CLUSTER_FUNCTION_ARN'), { value: checkCluster });
  }

  private grantable(storage: Storage, stage: Stage): Grantable {
    const states = `arn:aws:states:${this.region}:${this.account}`;
    const arns = Object.entries(storage.tables).map(([key, { arn }]) => [key, arn]);
    return {
      tables: Object.fromEntries(arns),
      documents: storage.documents.bucketArn,
      secrets: storage.secrets,
      machines: {
        request: `${states}:stateMachine:${machineNames.request}`,
        requestExecutions: `${states}:execution:${machineNames.request}:*`,
        deployment: `${states}:stateMachine:${machineNames.deployment}`,
        deploymentExecutions: `${states}:execution:${machineNames.deployment}:*`,
      },
      deployRoles: stage.clusters.map(deployRoleArn),
    };
  }

  /** What the command line needs to know to do an operator's work. */
  private outputs(storage: Storage, { machines }: Grantable) {
    for (const [key, { name }] of Object.entries(storage.tables)) new CfnOutput(this, outputIdOf(key), { value: name });
    new CfnOutput(this, outputIdOf('DOCUMENTS_BUCKET'), { value: storage.documents.bucketName });
    new CfnOutput(this, outputIdOf('REQUEST_MACHINE_ARN'), { value: machines.request });
    new CfnOutput(this, outputIdOf('DEPLOYMENT_MACHINE_ARN'), { value: machines.deployment });
    for (const [key, arn] of Object.entries(storage.secrets)) new CfnOutput(this, outputIdOf(key), { value: arn });
  }
}

/** Values of the variables that a row is told. */
const environmentOf = (row: FunctionRow, storage: Storage, { machines }: Grantable): Record<string, string> => {
  const values: Record<string, string> = {
    ...Object.fromEntries(Object.entries(storage.tables).map(([key, { name }]) => [key, name])),
    ...storage.secrets,
    DOCUMENTS_BUCKET: storage.documents.bucketName,
    REQUEST_MACHINE_ARN: machines.request,
    DEPLOYMENT_MACHINE_ARN: machines.deployment,
  };
  return Object.fromEntries(variablesOf(row).map((key) => [key, values[key] ?? '']));
};
