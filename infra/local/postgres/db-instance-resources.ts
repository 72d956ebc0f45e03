import { randomBytes } from 'node:crypto';
import { generatedName } from '../generated-name.ts';
import type { Part, Properties, Resource, ResourceProvider, ResourceRequest, World } from '../part.ts';
import { AwsError } from '../wire/service.ts';
import { type DbInstance, resourceIdOf } from './db-instance.ts';
import type { DbServers } from './postgres.ts';

/** Instances, subnet groups and parameter groups of templates; groups are recorded and change nothing. */
export const dbInstanceResources = (world: World, servers: DbServers): NonNullable<Part['resources']> => {
  const resource = (instance: DbInstance): Resource => ({
    physicalId: instance.id,
    attributes: {
      'Endpoint.Address': instance.host,
      'Endpoint.Port': String(instance.port),
      DBInstanceArn: `arn:aws:rds:${world.region}:${world.account}:db:${instance.id}`,
      DbiResourceId: resourceIdOf(instance),
      ...(instance.masterSecretArn && { 'MasterUserSecret.SecretArn': instance.masterSecretArn }),
    },
  });
  return {
    'AWS::RDS::DBInstance': {
      create: async (request) => {
        const { properties, seed } = request;
        const id = String(properties['DBInstanceIdentifier'] ?? generatedName(request, 63)).toLowerCase();
        const existing = servers.findInstance(id);
        if (existing && existing.seed !== seed)
          throw new AwsError('DBInstanceAlreadyExists', `DB instance already exists: ${id}`);
        return resource(existing ?? (await created(servers, id, request)));
      },
      update: async ({ physicalId, properties, previous }) => {
        const instance = servers.findInstance(physicalId);
        if (!instance) throw notFound(physicalId);
        const password = properties['MasterUserPassword'];
        const isChanged = password !== undefined && password !== previous['MasterUserPassword'];
        const { hasIamLogins: _, ...kept } = instance;
        const next = { ...kept, isProtected: isProtected(properties), ...iamLoginsOf(properties) };
        return resource(await servers.update(next, isChanged ? String(password) : undefined));
      },
      delete: async ({ physicalId }) => {
        const instance = servers.findInstance(physicalId);
        if (!instance) return;
        if (instance.isProtected)
          throw new AwsError(
            'InvalidParameterCombination',
            'Cannot delete protected DB Instance, please disable deletion protection and try again.',
          );
        await servers.remove(instance);
      },
    },
    'AWS::RDS::DBSubnetGroup': recorded(world, 'DBSubnetGroupName'),
    'AWS::RDS::DBParameterGroup': recorded(world, 'DBParameterGroupName'),
  };
};

const created = (servers: DbServers, id: string, { properties, seed }: ResourceRequest): Promise<DbInstance> => {
  checkEngine(id, properties);
  const masterUsername = masterUsernameOf(properties);
  const password = String(properties['MasterUserPassword'] ?? '');
  const isManaged = String(properties['ManageMasterUserPassword']) === 'true';
  if (isManaged && password)
    throw invalid('You can not specify MasterUserPassword when ManageMasterUserPassword is true.');
  if (!isManaged && !/^[^/"@\s]{8,128}$/.test(password))
    throw new AwsError(
      'InvalidParameterValue',
      "The parameter MasterUserPassword is not a valid password: 8 to 128 printable characters besides '/', '@', '\"', ' ' may be used.",
    );
  const managed = isManaged ? randomBytes(21).toString('base64url') : undefined;
  const value = managed && JSON.stringify({ username: masterUsername, password: managed });
  const masterSecretArn = value && servers.putMasterSecret(`rds-db-${id}`, value);
  const name = properties['DBName'];
  const dbname = name === undefined ? undefined : String(name);
  return servers.create(
    {
      id,
      seed,
      engine: 'postgres',
      masterUsername,
      isProtected: isProtected(properties),
      ...iamLoginsOf(properties),
      ...(dbname !== undefined && { dbname }),
      ...(masterSecretArn && { masterSecretArn }),
    },
    { name: masterUsername, password: managed ?? password, database: dbname },
  );
};

const checkEngine = (id: string, properties: Properties) => {
  const engine = properties['Engine'];
  if (engine !== 'postgres')
    throw new AwsError('InvalidParameterValue', `Invalid DB engine: ${engine} of ${id}; here it can only be postgres.`);
};

const masterUsernameOf = (properties: Properties): string => {
  const name = String(properties['MasterUsername'] ?? '');
  if (!/^[A-Za-z]\w{0,62}$/.test(name))
    throw invalid(`The parameter MasterUsername (${name}) is not a valid identifier.`);
  if (/^(rds|pg_)/i.test(name) || name === 'admin')
    throw invalid(`MasterUsername ${name} cannot be used as it is a reserved word used by the engine`);
  return name;
};

const isProtected = (properties: Properties): boolean => String(properties['DeletionProtection']) === 'true';

const iamLoginsOf = (properties: Properties): Pick<DbInstance, 'hasIamLogins'> =>
  String(properties['EnableIAMDatabaseAuthentication']) === 'true' ? { hasIamLogins: true } : {};

const invalid = (message: string) => new AwsError('InvalidParameterValue', message);
const notFound = (id: string) => new AwsError('DBInstanceNotFound', `DBInstance ${id} not found.`, 404);

const recorded = (world: World, nameProperty: string): ResourceProvider => {
  const rows = world.store.table<Properties>(`rds.${nameProperty}`);
  const put = async (name: string, properties: Properties): Promise<Resource> => {
    rows.put(name, properties);
    return { physicalId: name, attributes: { [nameProperty]: name } };
  };
  return {
    create: async (request) =>
      put(String(request.properties[nameProperty] ?? generatedName(request, 255)).toLowerCase(), request.properties),
    update: async ({ physicalId, properties }) => put(physicalId, properties),
    delete: async ({ physicalId }) => rows.delete(physicalId),
  };
};
