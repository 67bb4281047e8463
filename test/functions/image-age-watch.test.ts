import { type Registry, watchImageAge } from '../../lib/functions/image-age-watch/watch';

const digest = (letter: string) => `sha256:${letter.repeat(64)}`;
const image = (name: string, letter: string) =>
  `111122223333.dkr.ecr.eu-central-1.amazonaws.com/production/${name}@${digest(letter)}`;

/** A registry as ECR answers: an image that it does not hold is an error. */
function registry(pushed: Readonly<Record<string, string>>): Registry {
  return {
    describeImages: async ({ registryId, repositoryName, imageIds: [wanted] }) => {
      const at = pushed[`${registryId}/${repositoryName}`];
      if (at === undefined || !wanted) {
        throw Object.assign(new Error('The image does not exist'), { name: 'ImageNotFoundException' });
      }
      return { imageDetails: [{ imageDigest: wanted.imageDigest, imagePushedAt: new Date(at) }] };
    },
  };
}

async function look(images: readonly string[], pushed: Readonly<Record<string, string>>, days = 30) {
  const reports: [string, string][] = [];
  const count = await watchImageAge({
    registry: registry(pushed),
    images,
    days,
    report: async (subject, message) => {
      reports.push([subject, message]);
    },
    now: () => new Date('2026-11-29T12:00:00Z'),
  });
  return { count, reports };
}

const application = image('application', 'a');
const proxy = image('proxy', 'b');

test('an image that was not built anew in time is reported, the other is not', async () => {
  const { count, reports } = await look([application, proxy], {
    '111122223333/production/application': '2026-10-30T11:00:00Z',
    '111122223333/production/proxy': '2026-10-30T13:00:00Z',
  });
  expect(count).toBe(1);
  expect(reports[0]?.[0]).toBe('1 running images too old, or of an age that nobody knows');
  expect(reports[0]?.[1]).toContain(`${application} was pushed 30 days ago`);
  expect(reports[0]?.[1]).not.toContain(proxy);
});

test('an image of somebody else has an age that nobody knows, and is reported', async () => {
  const { count, reports } = await look([`public.ecr.aws/nginx/nginx@${digest('c')}`], {});
  expect([count, reports[0]?.[1]]).toEqual([1, expect.stringContaining('its age cannot be asked for')]);
});

test('an image that is gone from its registry is no young image', async () => {
  await expect(look([application], {})).rejects.toThrow('does not exist');
});

test('nothing is said where everything is young', async () => {
  const pushed = { '111122223333/production/application': '2026-11-28T00:00:00Z' };
  expect(await look([application], pushed)).toEqual({ count: 0, reports: [] });
});
