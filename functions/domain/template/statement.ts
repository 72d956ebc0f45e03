/** One statement of an inline policy of a task role. */
export interface RoleStatement {
  /** Such as `sqs-subscribe`: the policy is named after it, as the original names its policies. */
  readonly policy: string;
  readonly actions: readonly string[];
  /** ARNs, or intrinsic functions that give one. */
  readonly resources: readonly unknown[];
  readonly condition?: Readonly<Record<string, unknown>>;
}
