import { type ProvisioningOptions, provisionTenant, removeTenant } from '../../database/provision-tenant';
import type { TenantBuckets } from './tenant-buckets';
import type { TenantCatalogue, TenantRecord } from './tenant-catalogue';

/** What the provisioner is asked for. */
export interface ProvisionerRequest {
  readonly action: 'provision' | 'remove';
  /** Id of the tenant, a UUID in lower case. */
  readonly tenant: string;
}

/** The tenant as the catalogue has it, and what is left to be done about it. */
export interface ProvisionerAnswer extends TenantRecord {
  /** Bucket of a removed tenant, which nobody can use any more and whose files are still to be erased. */
  readonly toErase?: string;
}

export interface Provisioner {
  readonly catalogue: Pick<TenantCatalogue, 'find' | 'move'>;
  /** Where each tenant has a database of its own: how it is made. */
  readonly databases?: Omit<ProvisioningOptions, 'confirm'>;
  /** Where each tenant has a bucket of its own: how it is made. */
  readonly buckets?: Pick<TenantBuckets, 'open' | 'close'>;
  now(): Date;
}

/**
 * Does what is asked, or the rest of it after an interruption; asked again, it answers the same.
 *
 * @returns the tenant as the catalogue has it now
 * @throws Error on another action, an id that is no UUID, and a tenant that was removed
 */
export async function provision(request: ProvisionerRequest, provisioner: Provisioner): Promise<ProvisionerAnswer> {
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
  const { buckets, catalogue, databases, now } = provisioner;
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
  if (databases) {
    await provisionTenant(tenant, { ...databases, confirm });
  }
  if (buckets) {
    await openBucket(tenant, buckets, confirm);
  }
  return catalogue.move(tenant, 'ready', now());
}

/** A removal changes the catalogue first and closes then: whichever of the two comes later here, the bucket ends up closed. */
async function openBucket(
  tenant: string,
  buckets: Pick<TenantBuckets, 'open' | 'close'>,
  confirm: () => Promise<void>,
): Promise<void> {
  await confirm();
  await buckets.open(tenant);
  try {
    await confirm();
  } catch (error) {
    await buckets.close(tenant);
    throw error;
  }
}

async function take(tenant: string, provisioner: Provisioner): Promise<ProvisionerAnswer> {
  const { buckets, catalogue, databases, now } = provisioner;
  const found = await catalogue.find(tenant);
  if (found?.status !== 'removed') {
    await catalogue.move(tenant, 'removing', now());
    if (databases) {
      await removeTenant(tenant, databases);
    }
  }
  // Also of one that was removed before: a provisioning that broke off may have opened it again
  const left = await buckets?.close(tenant);
  const record = found?.status === 'removed' ? found : await catalogue.move(tenant, 'removed', now());
  return { ...record, ...left };
}
