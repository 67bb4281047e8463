import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import type { Construct } from 'constructs';

const REFERENCE = /^(?<repository>[a-z0-9.-]+(:\d+)?(\/[a-z0-9._-]+)+)@(?<digest>sha256:[0-9a-f]{64})$/;
const OWN_REGISTRY = /^(?<account>\d{12})\.dkr\.ecr\.(?<region>[a-z0-9-]+)\.amazonaws\.[a-z.]+\/(?<name>.+)$/;

/** An image by its digest, and the private repository that it is in, where it is in one. */
export interface PinnedImage {
  readonly image: ecs.ContainerImage;
  readonly repository?: ecr.IRepository;
}

/**
 * Reads `registry/repository@sha256:…`. A tag may be moved to another image after it was reviewed; a digest is the image.
 *
 * @param scope construct under which a private repository is looked up by name, without asking AWS
 * @throws if there is no digest
 */
export function pinnedImage(scope: Construct, id: string, reference: string): PinnedImage {
  const { repository, digest } = REFERENCE.exec(reference)?.groups ?? {};
  if (repository === undefined || digest === undefined) {
    throw new Error(
      `image is '${reference}', expected registry/repository@sha256: and 64 hexadecimal digits: name the image by its digest`,
    );
  }
  const { account, region, name } = OWN_REGISTRY.exec(repository)?.groups ?? {};
  if (account === undefined || region === undefined || name === undefined) {
    return { image: ecs.ContainerImage.fromRegistry(reference) };
  }
  const own = ecr.Repository.fromRepositoryAttributes(scope, id, {
    repositoryName: name,
    repositoryArn: ecr.Repository.arnForLocalRepository(name, scope, account).replace(/:ecr:[^:]*:/, `:ecr:${region}:`),
  });
  return { image: ecs.ContainerImage.fromEcrRepository(own, digest), repository: own };
}
