import { type ProvisioningOptions, provisionTenant, removeTenant } from '../../database/provision-tenant';
import type { TenantCatalogue, TenantRecord } from './tenant-catalogue';

/** What the provisioner is asked for. */
export interface ProvisionerRequest {
  readonly action: 'provision' | 'remove';
  /** Id of the tenant, a UUID in lower case. */
  readonly tenant: string;
}

export interface Provisioner extends Omit<ProvisioningOptions, 'confirm'> {
  readonly catalogue: Pick<TenantCatalogue, 'find' | 'move'>;
  now(): Date;
}

/**
 * Does what is asked, or the rest of it after an interruption; asked again, it answers the same.
 *
 * @returns the tenant as the catalogue has it now
 * @throws Error on another action, an id that is no UUID, and a tenant that was removed
 */
export async function provision(request: ProvisionerRequest, provisioner: Provisioner): Promise<TenantRecord> {
  const { action, tenant } = request;
  switch (action) {
    case 'provision':
      return give(tenant, provisioner);
    case 'remove':
      return take(tenant, provisioner);
    default:
      throw new Error(`action is '${String(action)}', expected provision or remove`);
  }
}

async function give(tenant: string, provisioner: Provisioner): Promise<TenantRecord> {
  const { catalogue, now } = provisioner;
  if ((await catalogue.find(tenant))?.status !== 'ready') {
    await catalogue.move(tenant, 'provisioning', now());
  }
  // Somebody may have asked for its removal meanwhile: what is removed must not come back
  const confirm = async () => {
    const status = (await catalogue.find(tenant))?.status;
    if (status !== 'provisioning' && status !== 'ready') {
      throw new Error(`tenant ${tenant} became ${status} while it was provisioned`);
    }
  };
  await provisionTenant(tenant, { ...provisioner, confirm });
  return catalogue.move(tenant, 'ready', now());
}

async function take(tenant: string, provisioner: Provisioner): Promise<TenantRecord> {
  const { catalogue, now } = provisioner;
  const record = await catalogue.find(tenant);
  if (record?.status === 'removed') {
    return record;
  }
  await catalogue.move(tenant, 'removing', now());
  await removeTenant(tenant, provisioner);
  return catalogue.move(tenant, 'removed', now());
}
