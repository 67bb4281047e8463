import { defineControl } from '../../../lib/control/control';
import { decide } from '../../../lib/control/decide';
import { finding, notApplicable, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Node } from '../../../lib/template/node';
import type { Subject } from '../../../lib/template/subject';
import { exportKeepDays } from '../privacy/export-figure';
import { judgeFileAccess } from './file-access';
import { tenancyFiles } from './tenancy-parameters';

/** TEN-03: what is kept beside the database is reached by the tenant of a session alone, or is not there. */
export const control = defineControl({
  id: 'ten-03',
  title: 'Files, cache keys and channels are reached under the tag or the name of one tenant alone',
  family: 'tenancy',
  claims: [
    'tdb-file-storage-scoped',
    'tdb-cache-namespaces-scoped',
    'tdb-broadcast-channels-scoped',
    'cly-org-isolation',
    'cly-esign-org-bucket',
  ],
  doesNotProve:
    'That the application opens its session with the tag of whoever signed in. Buckets that are made for tenants as they come stand in no template: what each is like is set by the function that makes it, and is not read in the account. Channels of LISTEN and NOTIFY belong to a whole database: where tenants share one, what is sent must carry nothing. Buckets that are not tagged as holding personal data are not looked at, nor are policies of buckets. A copy that is gone after the days of an export may lie in the folder of its customer, in a bucket that others use too.',
  runbook: 'mend-tenant-isolation',
  parameters: { 'export.keepDays': exportKeepDays, 'tenancy.files': tenancyFiles },
  messages: {
    wholeBucket: {
      violation: '{name} reaches files of every tenant: {property} is not bound to a tag of the session',
      fix: 'begin the resource with the folder ${aws:PrincipalTag/tenant}/, and ask for the same s3:prefix where it lists; or end the name of the bucket with ${aws:PrincipalTag/tenant}',
    },
    sharedBucket: {
      violation: '{name} keeps files of a tenant in a bucket that others use too: {property}',
      fix: 'deploy a TenantProvisioner with TenantBuckets and hand these to TenantAccess; files have to be moved',
    },
    noMaker: {
      violation: 'nothing that is deployed with {name} makes the buckets that it reaches: {property}',
      fix: 'add a TenantProvisioner with the same TenantBuckets',
    },
    sharedKeys: {
      violation: 'cache user {name} reaches keys or channels of every tenant: {value}',
      fix: 'name the keys and channels of one tenant, such as ~t:7c9e6679:* &t:7c9e6679:*, or switch the user off',
    },
    openCache: {
      violation: 'cache {name} takes commands without a user, so whoever reaches it reads the keys of every tenant',
      fix: 'give it a user group whose users each reach the keys of one tenant',
    },
    openChannel: {
      violation: 'channels of {name} can be subscribed to without a look at whose they are: {property}',
      fix: 'compare the channel with the tenant of ctx.identity in onSubscribe, call util.unauthorized() where they differ, and take no API key',
    },
  },
  template: {
    judges: [
      'AWS::IAM::ManagedPolicy',
      'AWS::IAM::Policy',
      'AWS::IAM::RolePolicy',
      'AWS::IAM::Role',
      'AWS::ElastiCache::User',
      'AWS::ElastiCache::ReplicationGroup',
      'AWS::ElastiCache::ServerlessCache',
      'AWS::ElastiCache::CacheCluster',
      'AWS::AppSync::ChannelNamespace',
    ],
    expects: 'any-number',
    judge: (subject, { figures, scope }) => {
      const isPromised = figures.choice('tenancy.files') === 'bucket';
      const passingDays = figures.number('export.keepDays');
      switch (subject.type) {
        case 'AWS::IAM::Role':
          return decide(subject.items('Policies'), {
            known: (policies) =>
              judgeFileAccess(
                policies.map((policy) => policy.at('PolicyDocument')),
                scope,
                isPromised,
                passingDays,
              ),
            absent: () => notApplicable('it holds no policy of its own'),
          });
        case 'AWS::ElastiCache::User':
          return judgeCacheUser(subject);
        case 'AWS::ElastiCache::ReplicationGroup':
          return hasUsers(subject, 'UserGroupIds.0');
        case 'AWS::ElastiCache::ServerlessCache':
          return hasUsers(subject, 'UserGroupId');
        case 'AWS::ElastiCache::CacheCluster':
          // It takes no user group: https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Clusters.RBAC.html
          return finding('openCache');
        case 'AWS::AppSync::ChannelNamespace':
          return judgeChannels(subject);
        default:
          return judgeFileAccess([subject.at('PolicyDocument')], scope, isPromised, passingDays);
      }
    },
  },
});

/** Patterns of keys begin with `~` or `%`, those of channels with `&`. Source: https://valkey.io/topics/acl/ */
function judgeCacheUser(user: Subject): readonly Outcome[] {
  return decide(user.text('AccessString'), {
    known: (text) => {
      const words = text.split(/\s+/);
      // Rules in brackets are a second set of rights beside the first
      const bare = words.map((word) => word.replace(/^\(|\)$/g, ''));
      const patterns = bare.flatMap((word) => /^(?:~|&|%[RW]+~)(.*)$/i.exec(word)?.[1] ?? []);
      const reachesAll =
        bare.some((word) => /^all(keys|channels)$/i.test(word)) || patterns.some((each) => /^[^:]*[*?[]/.test(each));
      return words.includes('off') || (words.includes('on') && !reachesAll && !emptiesAll(bare))
        ? satisfied
        : finding('sharedKeys');
    },
    absent: () => notAssessed('what the user reaches is set somewhere else'),
  });
}

/**
 * Whether the last word on commands lets in those that name no key and empty or list all of them: FLUSHALL is bound by no pattern.
 *
 * Source: https://valkey.io/commands/flushall/ (its categories)
 */
function emptiesAll(words: readonly string[]): boolean {
  const deciding = words.filter((word) =>
    /^([+-]@(all|dangerous|keyspace)|allcommands|nocommands|[+-]flush(all|db))$/i.test(word),
  );
  return /^(\+|allcommands)/i.test(deciding.at(-1) ?? '');
}

/** Without one the default user reaches everything: https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Clusters.RBAC.html. */
function hasUsers(cache: Subject, path: string): readonly Outcome[] {
  return decide(cache.at(path).pattern(), { known: () => satisfied, absent: () => finding('openCache') });
}

function judgeAuthMode(mode: Node): readonly Outcome[] {
  return decide(mode.at('AuthType').text(), {
    known: (type) => (type === 'API_KEY' ? finding('openChannel') : satisfied),
    absent: () => notAssessed('CloudFormation requires the type'),
  });
}

/** The modes of the API apply: https://docs.aws.amazon.com/appsync/latest/eventapi/channel-namespaces.html. */
function judgeInherited(namespace: Subject): readonly Outcome[] {
  return decide(namespace.reference('ApiId'), {
    known: ({ subject: api }) =>
      decide(api.at('EventConfig.DefaultSubscribeAuthModes').items(), {
        known: (modes) => modes.flatMap(judgeAuthMode),
        absent: () => notAssessed('how its API lets anybody subscribe is not in the template', 'SubscribeAuthModes'),
      }),
    absent: () => notAssessed('its API is not in the template', 'SubscribeAuthModes'),
    unresolved: () => notAssessed('its API is not in the template', 'SubscribeAuthModes'),
  });
}

function judgeChannels(namespace: Subject): readonly Outcome[] {
  return [
    ...decide(namespace.items('SubscribeAuthModes'), {
      known: (modes) => (modes.length === 0 ? judgeInherited(namespace) : modes.flatMap(judgeAuthMode)),
      absent: () => judgeInherited(namespace),
    }),
    ...decide(namespace.text('CodeHandlers'), {
      known: (code) =>
        /\bonSubscribe\b/.test(code) && /\bctx\.identity\b/.test(code) && /\butil\.unauthorized\(\)/.test(code)
          ? satisfied
          : finding('openChannel'),
      absent: () =>
        namespace.at('CodeS3Location').resolved.kind === 'absent'
          ? finding('openChannel', 'CodeHandlers')
          : notAssessed('its code lies in a bucket, which is not read'),
    }),
  ];
}
