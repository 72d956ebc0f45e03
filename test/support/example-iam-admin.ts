import { getStage } from '../../infra/aws/get-stage.ts';

const [identifier = '', dbUser = ''] = getStage('example').clusters[0]?.databaseAdmins[0]?.split('/') ?? [];

/** Who of the example stage logs in by IAM: the resource id of the server, and the user. */
export const exampleIamAdmin = { identifier, dbUser };
