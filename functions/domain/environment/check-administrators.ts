import { type Finding, findingAt } from '../configuration/finding.ts';
import { nearest } from '../configuration/nearest.ts';
import { hostOf } from '../template/database-access.ts';
import type { CheckInput } from './check-input.ts';

/**
 * Server groups whose administrator logs in by IAM, and as whom the function that speaks SQL may not: the server would say
 * no more than that a login failed. A cluster stack that has not told whom it allows is not asked.
 */
export const checkAdministrators = ({ application, cluster }: CheckInput): readonly Finding[] => {
  const admins = cluster.answer?.databaseAdmins;
  if (!admins) return [];
  return application.databases.flatMap((database, index) => {
    const { serverGroupName, identifier, auth } = hostOf(database, cluster) ?? {};
    const admin = auth?.iam && `${identifier}/${auth.iam.dbUser}`;
    if (admin === undefined || admins.includes(admin)) return [];
    return [
      findingAt(
        ['databases', index, 'postgres', 'serverGroup'],
        `${serverGroupName} has the administrator ${admin}, as whom nobody may log in by IAM in cluster ${cluster.name}: add it to the cluster's databaseAdmins in infra/aws/stages.ts and run npm run deploy, or correct identifier and dbUser under rdsHosts, then slipway apply`,
        nearest(admin, admins),
      ),
    ];
  });
};
