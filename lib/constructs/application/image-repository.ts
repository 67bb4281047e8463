import { RemovalPolicy } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import type * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';

export interface ImageRepositoryProps {
  /** Name that images are pushed under, such as `production/application`. */
  readonly name: string;
  /** Key of the image layers; identities of the account must be able to use it through ECR. */
  readonly key: kms.IKey;
  /**
   * Images that are kept. The running one is named by its digest, so it must be among them.
   *
   * @default 50
   */
  readonly keep?: number;
}

/**
 * A registry of our own for one image, in the Region of the environment: no tag can be moved to another image, every push is scanned, the
 * layers are encrypted with our key. What runs is pulled from here over the VPC's own endpoints, not from a public registry.
 *
 * The scan on push sees what was known that day; scanning again as new vulnerabilities are published is a setting of the whole registry
 * (`VulnerabilityScanning`).
 */
export class ImageRepository extends Construct {
  readonly repository: ecr.Repository;

  constructor(scope: Construct, id: string, props: ImageRepositoryProps) {
    super(scope, id);
    this.repository = new ecr.Repository(this, 'Resource', {
      repositoryName: props.name,
      imageTagMutability: ecr.TagMutability.IMMUTABLE,
      imageScanOnPush: true,
      encryption: ecr.RepositoryEncryption.KMS,
      encryptionKey: props.key,
      lifecycleRules: [{ description: 'Old images', maxImageCount: props.keep ?? 50 }],
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }
}
