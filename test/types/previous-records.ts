// Compiled, never run. A line that does not compile: today's type asks of a record what an earlier version has not
// written. Both versions run beside each other while Slipway is deployed, and what was stored stays: docs/upgrade.md.
// Make the new field optional and say in the reader what stands for its absence; keep reading what changed its form.
import type { Callback } from '../../functions/domain/callback.ts';
import type { Deployment } from '../../functions/domain/deployment/deployment.ts';
import type { Draft } from '../../functions/domain/draft.ts';
import type { Cluster, Environment } from '../../functions/domain/environment/environment.ts';
import type { DeliveryLook } from '../../functions/domain/failed-delivery.ts';
import type { AcceptedCommit, PushRequest } from '../../functions/domain/lost-push.ts';
import type { DatabaseFindings } from '../../functions/domain/migrations/migrations.ts';
import type { Plan } from '../../functions/domain/plan/plan.ts';
import type { Preview } from '../../functions/domain/plan/preview.ts';
import type { Release } from '../../functions/domain/release.ts';
import type { Stack } from '../../functions/domain/stack/stack.ts';
import type { ListenerRecord } from '../../functions/domain/template/rule-priorities.ts';
import type { StackEvaluation } from '../../functions/operations/evaluate-stack.ts';
import type { StepInput } from '../../functions/operations/step-context.ts';
import type { AuditEvent, DatabaseRecord, ImportedResource, Repository, TargetHead } from '../../functions/ports.ts';
import type { RequestInput } from '../../statemachines/request.asl.ts';
import type { RecordKind } from '../records/kinds.ts';
import { v1 } from '../records/v1/all.ts';

/** Nobody changes a record that was read. */
type Read<T> = T extends object ? { readonly [K in keyof T]: Read<T[K]> } : T;
type Records<T> = readonly Read<T>[];
type Documents<T> = Records<{ key: string; document: T }>;

/** What today's code takes every record for. */
interface Readable {
  stacks: Records<Stack>;
  deployments: Records<Deployment>;
  callbacks: Records<Callback>;
  databases: Records<DatabaseRecord>;
  targetHeads: Records<TargetHead>;
  acceptedCommits: Records<AcceptedCommit>;
  pushRequests: Records<PushRequest>;
  deliveryLooks: Records<DeliveryLook>;
  listeners: Records<ListenerRecord>;
  environments: Records<Environment>;
  clusters: Records<Cluster>;
  repositories: Records<Repository>;
  repositoryPointers: Records<{ id: string; repositoryId: string }>;
  events: Records<AuditEvent>;
  drafts: Documents<Draft>;
  releases: Documents<Release>;
  plans: Documents<Plan>;
  stackFindings: Documents<StackEvaluation>;
  databaseFindings: Documents<DatabaseFindings>;
  importFindings: Documents<readonly ImportedResource[]>;
  rotations: Documents<{ login: string }>;
  previews: Documents<Preview>;
  requestInputs: Records<RequestInput>;
  deploymentInputs: Records<StepInput>;
}

export const everyKind: Record<RecordKind, readonly unknown[]> & Readable = v1;

interface Newer extends Stack {
  readonly added?: string;
}

export const withAnOptionalField: Records<Newer> = v1.stacks;

// @ts-expect-error a new field that is required is in no record of before
export const withARequiredField: Records<Newer & { readonly added: string }> = v1.stacks;

// @ts-expect-error a word that is not known any more stands in records of before
export const withoutAWord: Records<Omit<Stack, 'status'> & { readonly status: 'CREATING' }> = v1.stacks;
