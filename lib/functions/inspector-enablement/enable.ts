import type { Inspector2 } from '@aws-sdk/client-inspector2';
import type { CustomResourceRequest } from '../custom-resource/custom-resource';

/** What a template asks for: which kinds of resources Inspector scans in an account. */
export type EnablementRequest = CustomResourceRequest & {
  readonly ResourceProperties: { readonly AccountId: string; readonly ResourceTypes: readonly string[] };
};

/** The client that it is enabled through; tests hand over their own. */
export type Client = Pick<Inspector2, 'batchGetAccountStatus' | 'enable'>;

/** Member of an account's state for each kind. */
const MEMBERS: Readonly<Record<string, 'ec2' | 'ecr' | 'lambda' | 'lambdaCode'>> = {
  EC2: 'ec2',
  ECR: 'ecr',
  LAMBDA: 'lambda',
  LAMBDA_CODE: 'lambdaCode',
};

/**
 * Enables Inspector for an account; enabling what is enabled already changes nothing. An account whose organization has enabled every kind is left
 * alone: its administrator says what is scanned.
 *
 * @throws if nothing is named to scan, if AWS refuses the call, or if it reports that the account failed
 */
export async function enableInspector(
  inspector: Client,
  { ResourceProperties: asked }: EnablementRequest,
): Promise<void> {
  const { AccountId: account, ResourceTypes: resourceTypes } = asked;
  if (resourceTypes.length === 0) {
    throw new Error('no kind of resource is named, expected one or more of EC2, ECR, LAMBDA and LAMBDA_CODE');
  }
  if (await isEnabled(inspector, account, resourceTypes)) {
    return;
  }
  const { failedAccounts = [] } = await inspector.enable({ accountIds: [account], resourceTypes: [...resourceTypes] });
  const [failed] = failedAccounts;
  if (failed) {
    throw new Error(`Inspector was not enabled in account ${account}: ${failed.errorCode} ${failed.errorMessage}`);
  }
}

async function isEnabled(inspector: Client, account: string, resourceTypes: readonly string[]): Promise<boolean> {
  const { accounts = [] } = await inspector.batchGetAccountStatus({ accountIds: [account] });
  const state = accounts.find(({ accountId }) => accountId === account)?.resourceState;
  return resourceTypes.every((type) => {
    const member = MEMBERS[type];
    const status = member && state?.[member]?.status;
    return status === 'ENABLED' || status === 'ENABLING';
  });
}
