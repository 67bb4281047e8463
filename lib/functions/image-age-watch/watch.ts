import type { ECR } from '@aws-sdk/client-ecr';

/** The call that a look makes; tests hand over their own. */
export type Registry = Pick<ECR, 'describeImages'>;

export interface Surroundings {
  readonly registry: Registry;
  /** Images that run, each by its registry, repository and digest. */
  readonly images: readonly string[];
  /** Days after which an image must have been built anew. */
  readonly days: number;
  readonly report: (subject: string, message: string) => Promise<void>;
  readonly now: () => Date;
}

const MILLISECONDS_PER_DAY = 24 * 60 * 60 * 1000;

/**
 * Looks once at the images that run, and reports those that were pushed longer ago than they may be: an image that is not built anew
 * keeps the flaws of the day on which it was. One from a registry of somebody else is reported as well: nobody can say how old it is.
 *
 * @returns how many were reported
 * @throws if a registry does not know an image, or a report could not be sent
 */
export async function watchImageAge(around: Surroundings): Promise<number> {
  const complaints = (await Promise.all(around.images.map((image) => complaint(image, around)))).flat();
  if (complaints.length > 0) {
    const advice = 'Build them anew, push them, and put their digests into the settings.';
    await around.report(
      `${complaints.length} running images too old, or of an age that nobody knows`,
      [...complaints, advice].join('\n'),
    );
  }
  return complaints.length;
}

async function complaint(image: string, { registry, days, now }: Surroundings): Promise<string[]> {
  const [, registryId, repositoryName, imageDigest] =
    /^(\d{12})\.dkr\.ecr\.[^/]+\/([^@:]+)@(sha256:[0-9a-f]{64})$/.exec(image) ?? [];
  if (!registryId || !repositoryName || !imageDigest) {
    return [`${image} lies in no registry of ours: its age cannot be asked for`];
  }
  const wanted = { registryId, repositoryName, imageIds: [{ imageDigest }] };
  const pushed = (await registry.describeImages(wanted)).imageDetails?.[0]?.imagePushedAt;
  if (!pushed) {
    throw new Error(`the registry does not say when image '${image}' was pushed`);
  }
  const age = (now().getTime() - pushed.getTime()) / MILLISECONDS_PER_DAY;
  return age > days ? [`${image} was pushed ${Math.floor(age)} days ago`] : [];
}
