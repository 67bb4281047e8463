import type { ApplicationServiceProps } from './application-service-props';
import type { ServiceRoles } from './application-service-roles';

/** Database user of the application; none where each tenant has a database and a user of its own. */
export function databaseUser(props: ApplicationServiceProps): string | undefined {
  return props.tenancyMode === 'database' ? undefined : (props.databaseUser ?? 'application');
}

/** What the application is told about the place that it runs in. Never a secret. */
export function variables(props: ApplicationServiceProps, roles: ServiceRoles): Record<string, string> {
  const { authorization, certificates, database, mail, proxy, tenantFiles } = props;
  const user = databaseUser(props);
  return {
    PUBLIC_ORIGIN: `https://${proxy.domainName}`,
    PGHOST: database.cluster.clusterEndpoint.hostname,
    PGPORT: String(database.port),
    ...(user === undefined ? {} : { PGUSER: user, PGDATABASE: 'application' }),
    ...(roles.tenant ? { TENANT_ROLE_ARN: roles.tenant.roleArn } : {}),
    PGSSLMODE: 'verify-full',
    PGSSLROOTCERT: certificates.path,
    ...(authorization ? { AUTHORIZATION_STORE: authorization.policyStoreId } : {}),
    ...mail?.variables,
    ...(tenantFiles && {
      ...('arnOf' in tenantFiles.files
        ? { TENANT_FILES_BUCKET_PREFIX: tenantFiles.files.prefix }
        : { TENANT_FILES_BUCKET: tenantFiles.files.bucketName }),
      TENANT_FILES_ROLE: tenantFiles.role.roleArn,
    }),
  };
}
