export interface LoadBalancerRecord {
  readonly arn: string;
  readonly name: string;
  readonly scheme: string;
  readonly subnets: readonly string[];
  readonly securityGroups: readonly string[];
  readonly createdAtMillis: number;
}

export interface ListenerRecord {
  readonly arn: string;
  readonly loadBalancerArn: string;
  readonly protocol: string;
  /** The port that the template names. */
  readonly port: number;
  /** The port that is really listened on, on this machine; 0 before the first time. */
  readonly localPort: number;
  readonly defaultActions: readonly Action[];
}

export interface RuleRecord {
  readonly arn: string;
  readonly listenerArn: string;
  readonly priority: number;
  readonly conditions: readonly Condition[];
  readonly actions: readonly Action[];
}

/** All conditions of a rule must hold; of the values of one condition any is enough. */
export interface Condition {
  readonly field: 'path-pattern' | 'host-header' | 'http-request-method' | 'http-header';
  /** Of an `http-header` condition. */
  readonly header?: string;
  readonly values: readonly string[];
}

export type Action =
  | { readonly type: 'forward'; readonly targetGroups: readonly WeightedTargetGroup[] }
  | { readonly type: 'fixed-response'; readonly status: number; readonly contentType: string; readonly body: string }
  | { readonly type: 'redirect'; readonly status: number; readonly location: RedirectLocation };

export interface WeightedTargetGroup {
  readonly arn: string;
  readonly weight: number;
}

/** Each part may hold `#{protocol}`, `#{host}`, `#{port}`, `#{path}` and `#{query}`. */
export interface RedirectLocation {
  readonly protocol: string;
  readonly host: string;
  readonly port: string;
  readonly path: string;
  readonly query: string;
}

export interface TargetGroupRecord {
  readonly arn: string;
  readonly name: string;
  readonly protocol: string;
  readonly protocolVersion: string;
  readonly port: number;
  readonly targetType: string;
  readonly vpcId?: string;
  readonly healthCheck: HealthCheck;
  readonly deregistrationDelaySeconds: number;
  /** Targets that the template itself names. */
  readonly fixedTargets: readonly Target[];
}

export interface HealthCheck {
  readonly path: string;
  /** `traffic-port`, or a number. */
  readonly port: string;
  readonly protocol: string;
  readonly intervalSeconds: number;
  readonly timeoutSeconds: number;
  readonly healthyThreshold: number;
  readonly unhealthyThreshold: number;
  /** `200`, `200,202`, `200-299`. */
  readonly matcher: string;
}

/** Where a target listens: an address of this machine. */
export interface Target {
  readonly id: string;
  readonly port: number;
}

export type TargetState = 'initial' | 'healthy' | 'unhealthy' | 'draining';
