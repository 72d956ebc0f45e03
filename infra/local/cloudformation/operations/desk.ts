import type { Importing, World } from '../../part.ts';
import type { Input } from '../../wire/service.ts';
import type { ChangeSetMaker } from '../changes/change-set-maker.ts';
import type { Engine } from '../engine/engine.ts';
import type { Strikes } from '../faults.ts';
import type { Records } from '../open-records.ts';

/** What the API operations work with. */
export interface Desk {
  readonly world: World;
  readonly records: Records;
  readonly engine: Engine;
  readonly maker: ChangeSetMaker;
  readonly faults: Strikes;
  fetchTemplate(url: string): Promise<string>;
  /** Whether CloudFormation may take a role. */
  mayAssume(roleArn: string): boolean;
  /** Every type that something here makes. */
  types(): readonly string[];
  /** How a type is imported; undefined when it cannot be. */
  importing(type: string): Importing | undefined;
}

/** A list member of a request; the query protocol sends an empty list as an empty text. */
export const listOf = <T>(value: Input): readonly T[] => (Array.isArray(value) ? value : []);

export const flag = (value: Input): boolean => String(value) === 'true';
