/** What is a tenant's alone, by name. */
export interface TenantNames {
  readonly database: string;
  /** Role that its sessions run as, and that no other database lets in. */
  readonly role: string;
  /** Prefix of its files. */
  readonly prefix: string;
}

/**
 * Names of what a tenant has for itself. They follow from its id, so that nothing has to be looked up to connect.
 *
 * @param tenant id, a UUID in lower case
 * @throws Error if it is none: what is no UUID could be somebody else's name
 */
export function tenantNames(tenant: string): TenantNames {
  const id = tenantId(tenant);
  return { database: `tenant_${id}`, role: `tenant_${id}`, prefix: `${id}/` };
}

/**
 * A tenant's id as the tag of a session in IAM carries it: 32 hexadecimal digits.
 *
 * @param tenant id, a UUID in lower case
 * @throws Error if it is none
 */
export function tenantId(tenant: string): string {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(tenant)) {
    throw new Error(
      `tenant is '${tenant}', expected a UUID in lower case such as 7c9e6679-7425-40de-944b-e07fc1f90ae7`,
    );
  }
  return tenant.replaceAll('-', '');
}
