import type { ApplicationServiceProps } from './application-service-props';

/** Database user of the application; none where each tenant has a database and a user of its own. */
export function databaseUser(props: ApplicationServiceProps): string | undefined {
  return props.tenancyMode === 'database' ? undefined : (props.databaseUser ?? 'application');
}

/** What the application is told about the place that it runs in. Never a secret. */
export function variables(props: ApplicationServiceProps): Record<string, string> {
  const { authorization, certificates, database, mail, proxy, tenants } = props;
  const user = databaseUser(props);
  return {
    PUBLIC_ORIGIN: `https://${proxy.domainName}`,
    PGHOST: database.cluster.clusterEndpoint.hostname,
    PGPORT: String(database.port),
    ...(user === undefined ? {} : { PGUSER: user, PGDATABASE: 'application' }),
    PGSSLMODE: 'verify-full',
    PGSSLROOTCERT: certificates.path,
    ...(authorization ? { AUTHORIZATION_STORE: authorization.policyStoreId } : {}),
    ...mail?.variables,
    ...(tenants && {
      TENANT_ROLE_ARN: tenants.role.roleArn,
      ...(tenants.exports && { TENANT_EXPORTS_BUCKET: tenants.exports.bucketName }),
      ...('arnOf' in tenants.files
        ? { TENANT_FILES_BUCKET_PREFIX: tenants.files.prefix }
        : { TENANT_FILES_BUCKET: tenants.files.bucketName }),
    }),
  };
}
