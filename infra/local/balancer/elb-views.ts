import { afterKind } from './balancer-arns.ts';
import type {
  Action,
  Condition,
  ListenerRecord,
  LoadBalancerRecord,
  RuleRecord,
  Target,
  TargetGroupRecord,
  TargetState,
} from './balancer-records.ts';

export const loadBalancerView = (one: LoadBalancerRecord) => ({
  LoadBalancerArn: one.arn,
  LoadBalancerName: one.name,
  DNSName: '127.0.0.1',
  CreatedTime: new Date(one.createdAtMillis),
  Scheme: one.scheme,
  State: { Code: 'active' },
  Type: 'application',
  AvailabilityZones: one.subnets.map((SubnetId) => ({ SubnetId })),
  SecurityGroups: one.securityGroups,
  IpAddressType: 'ipv4',
});

export const listenerView = (one: ListenerRecord) => ({
  ListenerArn: one.arn,
  LoadBalancerArn: one.loadBalancerArn,
  Port: one.port,
  Protocol: one.protocol,
  DefaultActions: one.defaultActions.map(actionView),
});

export const ruleView = (one: RuleRecord) => ({
  RuleArn: one.arn,
  Priority: String(one.priority),
  Conditions: one.conditions.map(conditionView),
  Actions: one.actions.map(actionView),
  IsDefault: false,
});

export const defaultRuleView = (listener: ListenerRecord) => ({
  RuleArn: listener.arn.replace(
    `:listener/${afterKind(listener.arn)}`,
    `:listener-rule/${afterKind(listener.arn)}/default`,
  ),
  Priority: 'default',
  Conditions: [],
  Actions: listener.defaultActions.map(actionView),
  IsDefault: true,
});

const FIELDS = {
  'path-pattern': 'PathPatternConfig',
  'host-header': 'HostHeaderConfig',
  'http-request-method': 'HttpRequestMethodConfig',
  'http-header': 'HttpHeaderConfig',
} as const;

/** Older callers read `Values`, newer ones the field's own configuration: AWS answers both for paths and hosts. */
const conditionView = ({ field, header, values }: Condition) => ({
  Field: field,
  ...(field === 'path-pattern' || field === 'host-header' ? { Values: values } : {}),
  [FIELDS[field]]: { HttpHeaderName: header, Values: values },
});

const actionView = (action: Action) => {
  switch (action.type) {
    case 'forward': {
      const only = action.targetGroups.length === 1 ? action.targetGroups[0]?.arn : undefined;
      const TargetGroups = action.targetGroups.map(({ arn, weight }) => ({ TargetGroupArn: arn, Weight: weight }));
      return { Type: 'forward', TargetGroupArn: only, ForwardConfig: { TargetGroups } };
    }
    case 'fixed-response': {
      const { status, contentType, body } = action;
      const FixedResponseConfig = { StatusCode: String(status), ContentType: contentType, MessageBody: body };
      return { Type: 'fixed-response', FixedResponseConfig };
    }
    case 'redirect': {
      const { protocol, host, port, path, query } = action.location;
      const to = { Protocol: protocol, Host: host, Port: port, Path: path, Query: query };
      return { Type: 'redirect', RedirectConfig: { ...to, StatusCode: `HTTP_${action.status}` } };
    }
  }
};

export const targetGroupView = (one: TargetGroupRecord, loadBalancerArns: readonly string[]) => ({
  TargetGroupArn: one.arn,
  TargetGroupName: one.name,
  Protocol: one.protocol,
  ProtocolVersion: one.protocolVersion,
  Port: one.port,
  VpcId: one.vpcId,
  HealthCheckProtocol: one.healthCheck.protocol,
  HealthCheckPort: one.healthCheck.port,
  HealthCheckEnabled: true,
  HealthCheckIntervalSeconds: one.healthCheck.intervalSeconds,
  HealthCheckTimeoutSeconds: one.healthCheck.timeoutSeconds,
  HealthyThresholdCount: one.healthCheck.healthyThreshold,
  UnhealthyThresholdCount: one.healthCheck.unhealthyThreshold,
  HealthCheckPath: one.healthCheck.path,
  Matcher: { [one.protocolVersion === 'GRPC' ? 'GrpcCode' : 'HttpCode']: one.healthCheck.matcher },
  LoadBalancerArns: loadBalancerArns,
  TargetType: one.targetType,
});

const REASONS = {
  initial: { Reason: 'Elb.InitialHealthChecking', Description: 'Initial health checks in progress' },
  healthy: {},
  unhealthy: { Reason: 'Target.FailedHealthChecks', Description: 'Health checks failed' },
  draining: { Reason: 'Target.DeregistrationInProgress', Description: 'Target deregistration is in progress' },
  unused: {
    Reason: 'Target.NotInUse',
    Description: 'Target group is not configured to receive traffic from the load balancer',
  },
} as const;

export const targetHealthView = ({ id, port }: Target, state: TargetState | 'unused') => ({
  Target: { Id: id, Port: port },
  HealthCheckPort: String(port),
  TargetHealth: { State: state, ...REASONS[state] },
});
