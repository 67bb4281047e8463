import {
  addBeside,
  type ControlCases,
  change,
  type Edit,
  remove,
  removeResource,
  set,
} from '../../../lib/control/cases';
import type { Json } from '../../../lib/template/parse';
import { firewall, inOrder, pathMatches } from './example-firewall';

const acl = 'AWS::WAFv2::WebACL';
const filter = 'AWS::Logs::SubscriptionFilter';
const policy = 'AWS::IAM::ManagedPolicy';
const client = 'AWS::Cognito::UserPoolClient';

const own = "the application's own challenge, and decoys that feed a set";
const captcha = 'the challenge of the firewall';
const registering = 'a pool that people register with, through the application';

const end = '([^a-z0-9_-]|$)';
const block = { Block: { CustomResponse: { ResponseCode: 403 } } };

function methodIs(method: string) {
  return {
    ByteMatchStatement: {
      FieldToMatch: { Method: {} },
      PositionalConstraint: 'EXACTLY',
      SearchString: method,
      TextTransformations: inOrder('LOWERCASE'),
    },
  };
}

const answered = {
  SizeConstraintStatement: {
    FieldToMatch: { SingleHeader: { Name: 'x-challenge-answer' } },
    ComparisonOperator: 'GE',
    Size: 16,
    TextTransformations: inOrder('NONE'),
  },
};

const not = (Statement: Json): Json => ({ NotStatement: { Statement } });
const and = (...Statements: Json[]): Json => ({ AndStatement: { Statements } });

function asksForAnswer(name: string, path: string): Json {
  return {
    Name: `challenge-${name}`,
    Action: block,
    Statement: and(pathMatches(path), not(methodIs('get')), not(answered)),
  };
}

const trap = {
  Name: 'honeypot',
  Action: block,
  RuleLabels: [{ Name: 'honeypot:decoy' }],
  Statement: pathMatches(`^/(wp-login[.]php|[.]env|phpmyadmin)${end}`),
};
const caught = {
  Name: 'took-the-bait',
  Action: block,
  Statement: { IPSetReferenceStatement: { Arn: { 'Fn::GetAtt': ['Caught', 'Arn'] } } },
};

function template(...rules: Json[]): Json {
  const base = firewall([caught, trap, ...rules]).Resources as Record<string, Json>;
  return {
    Resources: {
      ...base,
      Log: {
        Type: 'AWS::WAFv2::LoggingConfiguration',
        Properties: {
          ResourceArn: { 'Fn::GetAtt': ['Firewall', 'Arn'] },
          LogDestinationConfigs: [
            {
              'Fn::Join': [
                '',
                ['arn:', { Ref: 'AWS::Partition' }, ':logs:eu-central-1:1:log-group:', { Ref: 'LogGroup' }],
              ],
            },
          ],
        },
      },
      LogGroup: { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: 'aws-waf-logs-x' } },
      Hits: {
        Type: filter,
        Properties: {
          LogGroupName: { Ref: 'LogGroup' },
          FilterPattern: '{ ($.terminatingRuleId = "honeypot") && ($.action = "BLOCK") }',
        },
      },
      Caught: { Type: 'AWS::WAFv2::IPSet', Properties: { Addresses: [], IPAddressVersion: 'IPV4', Scope: 'REGIONAL' } },
      Feed: {
        Type: policy,
        Properties: {
          PolicyDocument: {
            Statement: [
              {
                Effect: 'Allow',
                Action: 'wafv2:UpdateIPSet',
                Resource: [{ 'Fn::GetAtt': ['Caught', 'Arn'] }],
              },
            ],
          },
        },
      },
    },
  };
}

const forms = [asksForAnswer('contact', `^/contact${end}`), asksForAnswer('sign-up', `^/sign-?up${end}`)];

/** Edits the rules of a name. */
function editRule(name: string, edit: (rule: Json) => void): Edit {
  return change(acl, ({ Rules: rules }) => {
    for (const rule of (Array.isArray(rules) ? rules : []).filter((each) => each.Name === name)) {
      edit(rule);
    }
  });
}

function without(...names: string[]): Edit {
  return change(acl, (properties) => {
    const rules = Array.isArray(properties.Rules) ? properties.Rules : [];
    properties.Rules = rules.filter((rule) => !names.includes(rule.Name));
  });
}

export const cases: ControlCases = {
  compliant: {
    [own]: { template: template(...forms) },
    [captcha]: {
      template: template(
        { Name: 'contact', Action: { Captcha: {} }, Statement: pathMatches(`^/contact${end}`) },
        { Name: 'sign-up', Action: { Challenge: {} }, Statement: pathMatches(`^/register${end}`) },
      ),
    },
    [registering]: {
      template: {
        Resources: {
          ...(template(...forms).Resources as Json),
          Pool: {
            Type: 'AWS::Cognito::UserPool',
            Properties: { AdminCreateUserConfig: { AllowAdminCreateUserOnly: false } },
          },
          Client: { Type: client, Properties: { UserPoolId: { Ref: 'Pool' }, GenerateSecret: true } },
        },
      },
    },
  },
  mutations: [
    {
      name: 'no challenge on contact',
      of: own,
      edit: without('challenge-contact'),
      expect: { message: 'unchallenged' },
    },
    {
      name: 'no challenge on sign-up',
      of: own,
      edit: without('challenge-sign-up'),
      expect: { message: 'unchallenged' },
    },
    {
      name: 'the challenge only counts',
      of: own,
      edit: editRule('challenge-contact', (rule) => {
        rule.Action = { Count: {} };
      }),
      expect: { message: 'unchallenged' },
    },
    {
      name: 'the challenge is on the page, not on what it sends',
      of: own,
      edit: editRule('challenge-contact', (rule) => {
        rule.Action = { Captcha: {} };
        rule.Statement = and(pathMatches(`^/contact${end}`), methodIs('get'));
      }),
      expect: { message: 'unchallenged' },
    },
    {
      name: 'what every browser sends counts as the answer',
      of: own,
      edit: editRule('challenge-contact', (rule) => {
        const origin = {
          ...answered.SizeConstraintStatement,
          Size: 1,
          FieldToMatch: { SingleHeader: { Name: 'origin' } },
        };
        rule.Statement = and(pathMatches(`^/contact${end}`), not({ SizeConstraintStatement: origin }));
      }),
      expect: { message: 'unchallenged' },
    },
    {
      name: 'the challenge overlooks the form in disguise',
      of: captcha,
      edit: editRule('contact', (rule) => {
        rule.Statement = {
          RegexMatchStatement: {
            FieldToMatch: { UriPath: {} },
            RegexString: `^/contact${end}`,
            TextTransformations: inOrder('NONE'),
          },
        };
      }),
      expect: { message: 'evaded' },
      notShipped: 'the project names its rules otherwise, and the default profile sets a challenge of its own',
    },
    {
      name: 'a client without a secret',
      of: registering,
      edit: remove(client, 'GenerateSecret'),
      expect: { message: 'directSignUp' },
      notShipped: 'before the user pools of the project stands a web ACL',
    },
    { name: 'no decoy', of: own, edit: without('honeypot'), expect: { message: 'noDecoy' } },
    {
      name: 'a decoy that only counts',
      of: own,
      edit: editRule('honeypot', (rule) => {
        rule.Action = { Count: {} };
      }),
      expect: { message: 'harmlessDecoy' },
    },
    {
      name: 'whoever called a decoy is forgiven',
      of: own,
      edit: without('took-the-bait'),
      expect: { message: 'forgiven' },
    },
    {
      name: 'nobody may write the set',
      of: own,
      edit: change(policy, (properties) => {
        properties.PolicyDocument = JSON.parse(
          JSON.stringify(properties.PolicyDocument).replaceAll('UpdateIPSet', 'ListIPSets'),
        );
      }),
      expect: { message: 'unfed', at: 'Firewall' },
      shippedWhere: (resource) => JSON.stringify(resource).includes('UpdateIPSet'),
    },
    {
      name: 'nobody reads the log',
      of: own,
      edit: removeResource(filter),
      expect: { message: 'unread', at: 'Firewall' },
    },
    {
      name: 'the reader of the log is told of something else',
      of: own,
      edit: set(filter, 'FilterPattern', '{ $.action = "COUNT" }'),
      expect: { message: 'unread', at: 'Firewall' },
    },
    {
      name: 'no log at all',
      of: own,
      edit: removeResource('AWS::WAFv2::LoggingConfiguration'),
      expect: { message: 'unread', at: 'Firewall' },
    },
    {
      name: 'a second firewall before the same pages, bare',
      of: own,
      edit: addBeside(acl, 'Bare', () => ({
        Type: acl,
        Properties: { Rules: [asksForAnswer('all', '^/'), { ...trap, Priority: 9 }, { ...caught, Priority: 10 }] },
      })),
      expect: { message: 'unread', at: 'Bare' },
      notShipped: 'the edit names the set of the case',
    },
  ],
  others: [
    {
      name: 'fails closed without any firewall',
      template: { Resources: { Key: { Type: 'AWS::KMS::Key' } } },
      expect: { '': { message: 'missing' } },
    },
    {
      name: 'a user pool has neither forms nor decoys; one that nobody registers with needs no secret',
      template: {
        Resources: {
          ...(firewall([], 'pool').Resources as Json),
          Staff: {
            Type: 'AWS::Cognito::UserPool',
            Properties: { AdminCreateUserConfig: { AllowAdminCreateUserOnly: true } },
          },
          Console: { Type: client, Properties: { UserPoolId: { Ref: 'Staff' } } },
        },
      },
      expect: { Firewall: 'not-applicable', Console: 'not-applicable' },
    },
    {
      name: 'a rule against scanners that also meets honest visitors is no decoy',
      template: template(...forms, { Name: 'all', Action: block, Statement: pathMatches('^/') }),
      expect: { Firewall: 'satisfied' },
    },
    {
      name: 'a log that goes elsewhere may have readers elsewhere',
      template: {
        Resources: {
          ...(template(...forms).Resources as Json),
          Log: {
            Type: 'AWS::WAFv2::LoggingConfiguration',
            Properties: {
              ResourceArn: { 'Fn::GetAtt': ['Firewall', 'Arn'] },
              LogDestinationConfigs: ['arn:aws:s3:::aws-waf-logs-elsewhere'],
            },
          },
        },
      },
      expect: { Firewall: 'not-assessed' },
    },
    {
      name: 'a challenge whose routes nobody can tell is not assessed',
      template: template(
        {
          Name: 'by-label',
          Action: { Captcha: {} },
          Statement: { LabelMatchStatement: { Scope: 'LABEL', Key: 'form' } },
        },
        ...forms.slice(1),
      ),
      expect: { Firewall: 'not-assessed' },
    },
  ],
  absentKeeps: {},
  indifferent: {
    'AWS::WAFv2::WebACL: Rules.*.Action.*': 'how it answers is free: that it is there decides',
  },
};
