import { Readable } from 'node:stream';
import { STS } from '@aws-sdk/client-sts';
import { filesAs } from '../../lib/functions/restore-validation/reading-session';

jest.mock(
  '@aws-sdk/client-s3',
  () => ({
    S3: class {
      constructor(readonly configuration: object) {}
    },
  }),
  { virtual: true },
);

const role = 'arn:aws:iam::333333333333:role/reader';
const session = { tenant: '7c9e6679742540de944be07fc1f90ae7', restored: '6f8d' };

/** The real client of STS, and what it was asked. */
function sts(answer: string) {
  const asked: string[] = [];
  const client = new STS({
    region: 'eu-central-1',
    credentials: { accessKeyId: 'id', secretAccessKey: 'none' },
    requestHandler: {
      handle: async ({ body }: { body: string }) => {
        asked.push(body);
        return { response: { statusCode: 200, headers: {}, body: Readable.from([answer]) } };
      },
    } as never,
  });
  return { client, asked };
}

const answered = (credentials: string) =>
  `<AssumeRoleResponse><AssumeRoleResult>${credentials}</AssumeRoleResult></AssumeRoleResponse>`;

test('files are read with the credentials of a session that both tags bind', async () => {
  const { client, asked } = sts(
    answered(
      '<Credentials><AccessKeyId>A</AccessKeyId><SecretAccessKey>B</SecretAccessKey><SessionToken>C</SessionToken></Credentials>',
    ),
  );
  expect(await filesAs(client, role, session)).toMatchObject({
    configuration: { credentials: { accessKeyId: 'A', secretAccessKey: 'B', sessionToken: 'C' } },
  });
  const words = new URLSearchParams(asked[0]);
  expect(Object.fromEntries(words)).toMatchObject({
    Action: 'AssumeRole',
    RoleArn: role,
    DurationSeconds: '900',
    'Tags.member.1.Key': 'tenant',
    'Tags.member.1.Value': session.tenant,
    'Tags.member.2.Key': 'restored',
    'Tags.member.2.Value': session.restored,
  });
});

test('fails without credentials: nothing is read with the function’s own', async () => {
  const { client } = sts(answered(''));
  await expect(filesAs(client, role, session)).rejects.toThrow(`role '${role}' was taken on without credentials`);
});
