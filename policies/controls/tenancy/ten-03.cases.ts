import { type ControlCases, change, remove, set } from '../../../lib/control/cases';
import type { Json } from '../../../lib/template/parse';

const policy = 'AWS::IAM::ManagedPolicy';
const user = 'AWS::ElastiCache::User';
const group = 'AWS::ElastiCache::ReplicationGroup';
const serverless = 'AWS::ElastiCache::ServerlessCache';
const channels = 'AWS::AppSync::ChannelNamespace';

const bucketArn = { 'Fn::GetAtt': ['Files', 'Arn'] };
const folder = '${aws:PrincipalTag/tenant}';
const below = (path: string) => ({ 'Fn::Join': ['', [bucketArn, path]] });

const files = (tags: unknown = [{ Key: 'data-class', Value: 'personal' }]): Json => ({
  Type: 'AWS::S3::Bucket',
  Properties: { Tags: tags },
});

const access = (statements: readonly Json[]): Json => ({
  Type: policy,
  Properties: { PolicyDocument: { Version: '2012-10-17', Statement: statements } },
});

const objects: Json = {
  Effect: 'Allow',
  Action: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'],
  Resource: below(`/${folder}/*`),
};
const listing: Json = {
  Effect: 'Allow',
  Action: 's3:ListBucket',
  Resource: bucketArn,
  Condition: { StringLike: { 's3:prefix': `${folder}/*` } },
};

const handlers =
  'export function onSubscribe(ctx) { if (ctx.info.channel.segments[1] !== ctx.identity.claims.tenant) util.unauthorized() }';
const tagged = 'a tenant reaches its own folder';
const beside = 'a cache and channels by tenant';

/** Buckets of tenants, named by the tag of the session, and who may make them. */
const ownName = 'production-111122223333-files-';
const own = (path: string) => ({
  'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:s3:::${ownName}${folder}${path}`]],
});
const ownObjects: Json = { ...objects, Resource: own('/*') };
const ownListing: Json = { Effect: 'Allow', Action: 's3:ListBucket', Resource: own('') };
const made = { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:s3:::${ownName}*`]] };
const maker = access([{ Effect: 'Allow', Action: 's3:CreateBucket', Resource: made }]);
const perTenant = 'a tenant reaches its own bucket';
const withoutListing = 'a tenant reaches its own bucket and lists nothing';
const byBucket = { 'tenancy.files': 'bucket' };
const notByFolder = 'the strictest profile gives each tenant a bucket, which is listed without a prefix';

/** Edits a statement by its place among those about files; the role may hold others, such as for the database. */
const statement = (index: number, edit: (statement: Json) => void) =>
  change(policy, (properties) => {
    const document = properties.PolicyDocument as { readonly Statement: Json[] };
    const found = document.Statement.filter(({ Action }) => /"s3:|"\*"/.test(JSON.stringify(Action)))[index];
    if (found) {
      edit(found);
    }
  });

/** The same objects, in another folder. */
const inFolder = (resource: unknown, other: string): unknown =>
  JSON.parse(JSON.stringify(resource).replace(`${folder}/`, other));

/** The same, in buckets whose names end otherwise. */
const inName = (resource: unknown, other: string): unknown =>
  JSON.parse(JSON.stringify(resource).replace(folder, other));

/** The policy of ours that reaches the files of tenants. */
// The application's role: that of drills reaches what was restored, and is tried beside
const ours = (resource: Json) => /s3:PutObject.*aws:PrincipalTag\/tenant/.test(JSON.stringify(resource));
const none = 'neither a cache nor channels of AWS are deployed';

export const cases: ControlCases = {
  compliant: {
    [tagged]: { template: { Resources: { Files: files(), Access: access([objects, listing]) } } },
    [perTenant]: {
      figures: byBucket,
      template: { Resources: { Files: files(), Access: access([ownObjects, ownListing]), Maker: maker } },
    },
    [withoutListing]: {
      figures: byBucket,
      template: { Resources: { Files: files(), Access: access([ownObjects]), Maker: maker } },
    },
    [beside]: {
      template: {
        Resources: {
          User: {
            Type: user,
            Properties: { AccessString: 'on ~t:7c9e6679:* resetchannels &t:7c9e6679:* -@all +@read' },
          },
          Default: { Type: user, Properties: { AccessString: 'off -@all' } },
          Cache: { Type: group, Properties: { UserGroupIds: ['users'] } },
          Serverless: { Type: serverless, Properties: { UserGroupId: 'users' } },
          Channels: {
            Type: channels,
            Properties: { CodeHandlers: handlers, SubscribeAuthModes: [{ AuthType: 'AMAZON_COGNITO_USER_POOLS' }] },
          },
        },
      },
    },
  },
  mutations: [
    {
      name: 'objects of the whole bucket are reached',
      of: tagged,
      edit: statement(0, (each) => {
        each.Resource = inFolder(each.Resource, '');
      }),
      expect: { message: 'wholeBucket' },
      shippedWhere: ours,
    },
    {
      name: 'a fixed folder is reached',
      of: tagged,
      edit: statement(0, (each) => {
        each.Resource = inFolder(each.Resource, 'shared/');
      }),
      expect: { message: 'wholeBucket' },
      shippedWhere: ours,
    },
    {
      name: 'every bucket is reached',
      of: tagged,
      edit: statement(0, (each) => {
        each.Resource = '*';
      }),
      expect: { message: 'wholeBucket' },
      shippedWhere: ours,
    },
    {
      name: 'names are listed without a prefix',
      of: tagged,
      edit: statement(1, (each) => {
        delete each.Condition;
      }),
      expect: { message: 'wholeBucket' },
      notShipped: notByFolder,
    },
    {
      name: 'names are listed below another prefix',
      of: tagged,
      edit: statement(1, (each) => {
        each.Condition = { StringLike: { 's3:prefix': '*' } };
      }),
      expect: { message: 'wholeBucket' },
      notShipped: notByFolder,
    },
    {
      name: 'a request without a prefix is let through',
      of: tagged,
      edit: statement(1, (each) => {
        each.Condition = { StringLikeIfExists: { 's3:prefix': `${folder}/*` } };
      }),
      expect: { message: 'wholeBucket' },
      notShipped: notByFolder,
    },
    {
      name: 'buckets of every tenant are reached',
      of: perTenant,
      target: 'Access',
      edit: statement(0, (each) => {
        each.Resource = inName(each.Resource, '*');
      }),
      expect: { message: 'wholeBucket' },
      shippedWhere: ours,
    },
    {
      name: 'the bucket of one fixed tenant is reached',
      of: perTenant,
      target: 'Access',
      edit: statement(0, (each) => {
        each.Resource = inName(each.Resource, '7c9e6679742540de944be07fc1f90ae7');
      }),
      expect: { message: 'wholeBucket' },
      shippedWhere: ours,
    },
    {
      name: 'names in buckets of every tenant are listed',
      of: perTenant,
      target: 'Access',
      edit: statement(1, (each) => {
        each.Resource = inName(each.Resource, '*');
      }),
      expect: { message: 'wholeBucket' },
      shippedWhere: ours,
    },
    {
      name: 'a wildcard stands before the tag',
      of: perTenant,
      target: 'Access',
      edit: statement(0, (each) => {
        each.Resource = inName(each.Resource, `*${folder}`);
      }),
      expect: { message: 'wholeBucket' },
      shippedWhere: ours,
    },
    {
      name: 'the folder of the tenant lies in a bucket that others use',
      of: perTenant,
      target: 'Access',
      edit: statement(0, (each) => {
        each.Resource = below(`/${folder}/*`);
      }),
      expect: { message: 'sharedBucket' },
      notShipped: 'the bucket that holds files beside those of tenants has another logical id there',
    },
    {
      name: 'buckets of another name are made',
      of: withoutListing,
      target: 'Maker',
      edit: change(policy, (properties) => {
        const { Statement } = properties.PolicyDocument as { readonly Statement: Json[] };
        for (const each of Statement.filter(({ Action }) => Action === 's3:CreateBucket')) {
          each.Resource = 'arn:aws:s3:::staging-111122223333-files-*';
        }
      }),
      expect: { message: 'noMaker', at: 'Access' },
      shippedWhere: (resource) => JSON.stringify(resource).includes('"s3:CreateBucket"'),
    },
    ...[
      'on ~* &t:1:* +@read',
      'on allkeys +@read',
      'on ~t:1:* allchannels +@read',
      'on ~t* +@read',
      'on ~t:1:* +@read (~* +get)',
      'on ALLKEYS +@read',
      'on ~t:1:* +@all',
      'on ~t:1:* -@all +@read +flushall',
      '~t:1:* +@read',
    ].map((text) => ({
      name: `a user of the cache has ${text}`,
      of: beside,
      target: 'User',
      edit: set(user, 'AccessString', text),
      expect: { message: 'sharedKeys' },
      notShipped: none,
    })),
    {
      name: 'a cache has no users',
      of: beside,
      edit: remove(group, 'UserGroupIds'),
      expect: { message: 'openCache' },
      notShipped: none,
    },
    {
      name: 'a serverless cache has no users',
      of: beside,
      edit: remove(serverless, 'UserGroupId'),
      expect: { message: 'openCache' },
      notShipped: none,
    },
    {
      name: 'channels take an API key',
      of: beside,
      edit: set(channels, 'SubscribeAuthModes.0.AuthType', 'API_KEY'),
      expect: { message: 'openChannel' },
      notShipped: none,
    },
    {
      name: 'nobody looks who subscribes',
      of: beside,
      edit: set(channels, 'CodeHandlers', 'export function onPublish(ctx) { return ctx.events }'),
      expect: { message: 'openChannel' },
      notShipped: none,
    },
    {
      name: 'channels have no handlers',
      of: beside,
      edit: remove(channels, 'CodeHandlers'),
      expect: { message: 'openChannel' },
      notShipped: none,
    },
  ],
  others: [
    {
      name: 'copies that pass may lie in the folder of their tenant, where each is promised a bucket; what stays may not',
      figures: byBucket,
      template: {
        Resources: {
          Files: {
            ...files(),
            Properties: {
              ...(files().Properties as Json),
              LifecycleConfiguration: { Rules: [{ Status: 'Enabled', ExpirationInDays: 7 }] },
            },
          },
          Kept: files(),
          Access: access([objects, listing]),
          Lasting: access([
            { ...objects, Resource: { 'Fn::Join': ['', [{ 'Fn::GetAtt': ['Kept', 'Arn'] }, `/${folder}/*`]] } },
          ]),
          Wide: access([{ ...objects, Resource: below('/*') }]),
        },
      },
      expect: { Access: 'satisfied', Lasting: { message: 'sharedBucket' }, Wide: { message: 'wholeBucket' } },
    },
    {
      name: 'copies that stay for a month are none that pass',
      figures: byBucket,
      template: {
        Resources: {
          Files: {
            ...files(),
            Properties: {
              ...(files().Properties as Json),
              LifecycleConfiguration: { Rules: [{ Status: 'Enabled', ExpirationInDays: 30 }] },
            },
          },
          Access: access([objects, listing]),
        },
      },
      expect: { Access: { message: 'sharedBucket' } },
    },
    ...(
      [
        ['API_KEY', { message: 'openChannel' }],
        ['AMAZON_COGNITO_USER_POOLS', 'satisfied'],
      ] as const
    ).map(([AuthType, verdict]) => ({
      name: `channels that are open as their API is: ${AuthType}`,
      template: {
        Resources: {
          Api: {
            Type: 'AWS::AppSync::Api',
            Properties: { EventConfig: { DefaultSubscribeAuthModes: [{ AuthType }] } },
          },
          Channels: {
            Type: channels,
            Properties: { ApiId: { 'Fn::GetAtt': ['Api', 'ApiId'] }, CodeHandlers: handlers },
          },
        },
      },
      expect: { Channels: verdict },
    })),
    ...(
      [
        ['a session of a drill reads one restored bucket', '${aws:PrincipalTag/restored}/*', 'satisfied'],
        ['a role that reads every restored bucket', '*', { message: 'wholeBucket' }],
      ] as const
    ).map(([name, end, verdict]) => ({
      name,
      figures: byBucket,
      template: {
        Resources: {
          Files: files(),
          Drill: {
            Type: 'AWS::Backup::RestoreTestingSelection',
            Properties: { ProtectedResourceType: 'S3', ProtectedResourceArns: [bucketArn] },
          },
          Access: access([
            { Effect: 'Allow', Action: 's3:GetObject', Resource: `arn:aws:s3:::awsbackup-restore-test-${end}` },
          ]),
        },
      },
      expect: { Access: verdict },
    })),
    {
      name: 'a policy that reaches no file of a tenant, and a bucket that holds none',
      template: {
        Resources: {
          Files: files(),
          Other: files([]),
          Access: access([
            {
              Effect: 'Allow',
              Action: 's3:GetObject',
              Resource: { 'Fn::Join': ['', [{ 'Fn::GetAtt': ['Other', 'Arn'] }, '/*']] },
            },
          ]),
        },
      },
      expect: { Access: 'not-applicable' },
    },
    {
      name: 'all but one bucket, every action, and a policy within a role',
      template: {
        Resources: {
          Files: files(),
          Except: access([{ Effect: 'Allow', Action: 's3:*', NotResource: 'arn:aws:s3:::other/*' }]),
          Role: {
            Type: 'AWS::IAM::Role',
            Properties: {
              Policies: [{ PolicyDocument: { Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] } }],
            },
          },
        },
      },
      expect: { Except: { message: 'wholeBucket' }, Role: { message: 'wholeBucket' } },
    },
    {
      name: 'a cluster of the cache takes no users at all',
      template: {
        Resources: { Cache: { Type: 'AWS::ElastiCache::CacheCluster', Properties: { Engine: 'memcached' } } },
      },
      expect: { Cache: { message: 'openCache' } },
    },
    {
      name: 'handlers that lie in a bucket are not assessed',
      template: {
        Resources: { Channels: { Type: channels, Properties: { CodeS3Location: 's3://code/handlers.js' } } },
      },
      expect: { Channels: 'not-assessed' },
    },
    {
      name: 'nothing of the kind is there',
      template: { Resources: { Queue: { Type: 'AWS::SQS::Queue', Properties: {} } } },
      expect: {},
    },
  ],
  absentKeeps: {
    'AWS::IAM::ManagedPolicy: PolicyDocument.Statement.*.Action.*': 'one action less is allowed',
  },
};
