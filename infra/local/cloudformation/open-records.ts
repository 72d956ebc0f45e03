import { createHash } from 'node:crypto';
import type { Store } from '../store.ts';
import type { ChangeSetRecord, EventRecord, OperationRecord, ResourceRecord, StackRecord } from './records.ts';
import { parseTemplate } from './template/parse-template.ts';
import type { Template } from './template/template.ts';

/** The tables of this part, with the few look-ups that need more than a key. */
export const openRecords = (store: Store) => {
  const stacks = store.table<StackRecord>('cloudformation.stacks');
  const names = store.table<{ stackId: string; ordinal: number }>('cloudformation.names');
  const templates = store.table<string>('cloudformation.templates');
  const resources = store.table<ResourceRecord>('cloudformation.resources');
  const operations = store.table<OperationRecord>('cloudformation.operations');
  const events = store.table<EventRecord>('cloudformation.events');
  const changeSets = store.table<ChangeSetRecord>('cloudformation.changesets');
  const remembered = new Map<string, Template>();
  const template = (id: string): string => {
    const body = templates.get(id);
    if (body === undefined) throw new Error(`the store lost the template ${id}`);
    return body;
  };
  return {
    ...{ stacks, names, templates, resources, operations, events, changeSets },
    resourcesOf: (stackId: string) => resources.list(`${stackId}/`).map(({ value }) => value),
    resource: (stackId: string, logicalId: string) => resources.get(`${stackId}/${logicalId}`),
    putResource: (record: ResourceRecord) => resources.put(`${record.stackId}/${record.logicalId}`, record),
    dropResource: (record: ResourceRecord) => resources.delete(`${record.stackId}/${record.logicalId}`),
    changeSetsOf: (stackId: string) => changeSets.list(`${stackId}/`).map(({ value }) => value),
    putChangeSet: (record: ChangeSetRecord) => changeSets.put(`${record.stackId}/${record.name}`, record),
    dropChangeSet: (record: ChangeSetRecord) => changeSets.delete(`${record.stackId}/${record.name}`),
    /** Keeps the body under its hash, so that the same template is stored once. */
    keepTemplate: (body: string): string => {
      const id = createHash('sha256').update(body).digest('hex');
      if (templates.get(id) === undefined) templates.put(id, body);
      return id;
    },
    template,
    /** The parsed form of a stored body; the last few are remembered, since every description needs one. */
    parsed: (id: string): Template => {
      const found = remembered.get(id) ?? parseTemplate(template(id));
      remembered.delete(id);
      remembered.set(id, found);
      for (const [oldest] of remembered) if (remembered.size > REMEMBERED) remembered.delete(oldest);
      return found;
    },
  };
};

const REMEMBERED = 20;

export type Records = ReturnType<typeof openRecords>;
