import {
  CreateChangeSetCommand,
  type CreateChangeSetInput,
  ExecuteChangeSetCommand,
} from '@aws-sdk/client-cloudformation';
import { expect, test } from '@jest/globals';
import type { ResourceRecord } from '../../../infra/local/cloudformation/records.ts';
import type { ResourceProvider } from '../../../infra/local/part.ts';
import { openStore, type Store } from '../../../infra/local/store.ts';
import { atRest, createStack, openStage, type Stage, story, topic, turn, updateStack } from './stage.ts';

/** The world outside: what providers made lives on when the process dies; a repeated create finds its own work. */
const outside = () => {
  const things = new Map<string, unknown>();
  let isDead = () => false;
  const alive = () => {
    if (isDead()) throw new Error('the process is dead');
  };
  const keep = (physicalId: string, properties: unknown) => {
    things.set(physicalId, properties);
    return { physicalId, attributes: { Arn: `arn:fake:${physicalId}` } };
  };
  const provider: ResourceProvider = {
    create: async ({ logicalId, seed, properties }) => {
      alive();
      await turn();
      if (logicalId.startsWith('Bad')) throw new Error('never');
      return keep(`${logicalId}-${seed.slice(0, 8)}`, properties);
    },
    update: async ({ physicalId, properties }) => {
      alive();
      await turn();
      if (!things.has(physicalId)) throw new Error(`${physicalId} is gone`);
      return keep(physicalId, properties);
    },
    delete: async ({ physicalId }) => {
      alive();
      await turn();
      things.delete(physicalId);
    },
    importing: {
      identifier: ['TopicArn'],
      find: async ({ TopicArn = '' }) => {
        alive();
        await turn();
        return things.has(TopicArn) ? { physicalId: TopicArn, attributes: {} } : undefined;
      },
    },
  };
  const dieWith = (crashed: () => boolean) => {
    isDead = crashed;
  };
  return { things, provider, dieWith };
};

/** A store whose process dies at one write: that one and all later ones never happen. */
const mortal = (store: Store, writes: number) => {
  let left = writes;
  const spend = () => {
    left--;
    if (left < 0) throw new Error('the process is dead');
  };
  const mortalTable = <T>(name: string) => {
    const table = store.table<T>(name);
    return {
      ...table,
      put: (key: string, value: T) => {
        spend();
        table.put(key, value);
      },
      delete: (key: string) => {
        spend();
        table.delete(key);
      },
    };
  };
  const dying: Store = { ...store, table: mortalTable, remembered: mortalTable, close: () => {} };
  return { dying, isDead: () => left < 0 };
};

const before = {
  Resources: {
    Changed: topic({ DisplayName: 'a' }),
    Named: topic({ TopicName: 'a' }),
    Reader: topic({ DisplayName: { Ref: 'Named' } }),
    Gone: topic(),
  },
};
const after = (more: object = {}) => ({
  Resources: {
    Changed: topic({ DisplayName: 'b' }),
    Named: topic({ TopicName: 'b' }),
    Reader: topic({ DisplayName: { Ref: 'Named' } }),
    New: topic(),
    ...more,
  },
});
const bad = { Bad: topic({}, { DependsOn: ['Reader', 'New'] }) };

/** What stands outside and belongs to no stack before an import. */
const found = { Found: topic({ DisplayName: 'found' }, { DeletionPolicy: 'Retain' }) };

interface Scenario {
  run(stage: Stage): Promise<unknown>;
  readonly ends: string;
  readonly name?: string;
  readonly outside?: Readonly<Record<string, unknown>>;
}

const changeSet = async (stage: Stage, request: Pick<CreateChangeSetInput, 'TemplateBody' | 'ResourcesToImport'>) => {
  const which = { StackName: 'shop', ChangeSetName: 'one' };
  const type = request.ResourcesToImport ? ({ ChangeSetType: 'IMPORT' } as const) : {};
  await stage.client.send(new CreateChangeSetCommand({ ...which, ...request, ...type, ClientToken: 'c' }));
  const execute = new ExecuteChangeSetCommand({ ...which, ClientRequestToken: 't' });
  for (let tries = 0; ; tries++) {
    try {
      return await stage.client.send(execute);
    } catch (error) {
      const early = error instanceof Error && /CREATE_(PENDING|IN_PROGRESS)/.test(error.message);
      if (!early || tries > 200) throw error;
      await turn();
    }
  }
};

const scenarios: Readonly<Record<string, Scenario>> = {
  'a successful update': {
    run: (stage) => updateStack(stage, 'shop', after(), { token: 't' }),
    ends: 'UPDATE_COMPLETE',
  },
  'an update that is rolled back': {
    run: (stage) => updateStack(stage, 'shop', after(bad), { token: 't' }),
    ends: 'UPDATE_ROLLBACK_COMPLETE',
  },
  'a creation that is rolled back': {
    run: (stage) => createStack(stage, 'other', after(bad), { token: 't' }),
    ...{ ends: 'ROLLBACK_COMPLETE', name: 'other' },
  },
  'a change set': {
    run: (stage) => changeSet(stage, { TemplateBody: JSON.stringify(after()) }),
    ends: 'UPDATE_COMPLETE',
  },
  'an import': {
    run: (stage) =>
      changeSet(stage, {
        TemplateBody: JSON.stringify({ Resources: { ...before.Resources, ...found } }),
        ResourcesToImport: [
          { LogicalResourceId: 'Found', ResourceType: 'AWS::SNS::Topic', ResourceIdentifier: { TopicArn: 'found' } },
        ],
      }),
    ends: 'IMPORT_COMPLETE',
    outside: { found: { DisplayName: 'found' } },
  },
};

test.each(Object.keys(scenarios))(
  '%s that dies at any write goes on and leaves nothing outside that no one knows',
  async (name) => {
    const scenario = scenarios[name];
    if (!scenario) throw new Error(name);
    for (let writes = 0, died = true; died; writes += 4) {
      const store = openStore();
      const { things, provider, dieWith } = outside();
      for (const [physicalId, properties] of Object.entries(scenario.outside ?? {})) things.set(physicalId, properties);
      const options = { providers: () => ({ 'AWS::SNS::Topic': provider }) };
      const first = await openStage({ store: { ...store, close: () => {} }, options });
      await createStack(first, 'shop', before);
      await atRest(first, 'shop');
      await first.close();

      const { dying, isDead } = mortal(store, writes);
      dieWith(isDead);
      const second = await openStage({ store: dying, options });
      await scenario.run(second).catch(() => undefined);
      for (let turns = 0; turns < 300 && !isDead() && store.table('cloudformation.operations').list().length; turns++)
        await turn();
      died = isDead();
      await second.close();

      dieWith(() => false);
      const third = await openStage({ store, options });
      // Whoever asked asks again under the same token: the effect is there once.
      await scenario.run(third);
      const stack = await atRest(third, scenario.name ?? 'shop');
      expect([writes, stack.StackStatus]).toEqual([writes, scenario.ends]);
      const records = store.table<ResourceRecord>('cloudformation.resources').list();
      const known = records.flatMap(({ value: { current, leftovers } }) => [
        current,
        ...leftovers.map((one) => one.physical),
      ]);
      expect([...things.keys()].sort()).toEqual(known.flatMap((one) => (one ? [one.physicalId] : [])).sort());
      for (const one of known) if (one) expect(things.get(one.physicalId)).toEqual(one.properties);
      const begun = (await story(third, stack.StackName ?? '', 't')).filter((one) =>
        /^(CREATE|UPDATE|IMPORT)_IN_PROGRESS$/.test(one),
      );
      expect(begun).toHaveLength(1);
      await third.close();
    }
  },
);
