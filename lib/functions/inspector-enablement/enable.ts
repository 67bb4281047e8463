import type { Inspector2 } from '@aws-sdk/client-inspector2';
import type { CustomResourceRequest } from '../custom-resource/custom-resource';

/** What a template asks for: which kinds of resources Inspector scans in an account. */
export type EnablementRequest = CustomResourceRequest & {
  readonly ResourceProperties: { readonly AccountId: string; readonly ResourceTypes: readonly string[] };
};

/** The client that it is enabled through; tests hand over their own. */
export type Client = Pick<Inspector2, 'enable'>;

/**
 * Enables Inspector for an account; enabling what is enabled already changes nothing.
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
  const { failedAccounts = [] } = await inspector.enable({ accountIds: [account], resourceTypes: [...resourceTypes] });
  const [failed] = failedAccounts;
  if (failed) {
    throw new Error(`Inspector was not enabled in account ${account}: ${failed.errorCode} ${failed.errorMessage}`);
  }
}
