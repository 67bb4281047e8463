import type { Json } from '../../../lib/template/parse';

const arn = (resource: string) => ({
  'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:ses:eu-central-1:111122223333:${resource}`]],
});

const eventsOf = (set: string) => ({
  Type: 'AWS::SES::ConfigurationSetEventDestination',
  Properties: {
    ConfigurationSetName: { Ref: set },
    EventDestination: {
      Enabled: true,
      EventBridgeDestination: { EventBusArn: 'arn:aws:events:eu-central-1:111122223333:event-bus/default' },
      MatchingEventTypes: ['bounce', 'complaint'],
    },
  },
});

const sender = (role: string, set: string, address: string) => ({
  Type: 'AWS::IAM::ManagedPolicy',
  Properties: {
    Roles: [{ Ref: role }],
    PolicyDocument: {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Action: ['ses:SendEmail', 'ses:SendTemplatedEmail'],
          Resource: [arn('identity/example.org'), arn(`configuration-set/${set}`)],
          Condition: { StringEquals: { 'ses:FromAddress': address } },
        },
      ],
    },
  },
});

const role = (service: string) => ({
  Type: 'AWS::IAM::Role',
  Properties: {
    AssumeRolePolicyDocument: {
      Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }],
    },
  },
});

/** Ordinary mail, and the one way past the suppression list, as the cases of this family deploy them: everything that is promised is kept. */
export const exampleMail: Json = {
  Resources: {
    Ordinary: {
      Type: 'AWS::SES::ConfigurationSet',
      Properties: {
        Name: 'ordinary',
        SuppressionOptions: { SuppressedReasons: ['BOUNCE', 'COMPLAINT'] },
        DeliveryOptions: { TlsPolicy: 'REQUIRE' },
      },
    },
    Critical: {
      Type: 'AWS::SES::ConfigurationSet',
      Properties: {
        Name: 'critical',
        SuppressionOptions: { SuppressedReasons: [] },
        DeliveryOptions: { TlsPolicy: 'REQUIRE' },
      },
    },
    OrdinaryEvents: eventsOf('Ordinary'),
    CriticalEvents: eventsOf('Critical'),
    Domain: {
      Type: 'AWS::SES::EmailIdentity',
      Properties: {
        EmailIdentity: 'example.org',
        ConfigurationSetAttributes: { ConfigurationSetName: { Ref: 'Ordinary' } },
      },
    },
    Contacts: {
      Type: 'AWS::SES::ContactList',
      Properties: { Topics: [{ TopicName: 'news', DisplayName: 'News', DefaultSubscriptionStatus: 'OPT_OUT' }] },
    },
    Task: role('ecs-tasks.amazonaws.com'),
    Notifier: role('lambda.amazonaws.com'),
    OrdinarySender: sender('Task', 'ordinary', 'no-reply@example.org'),
    CriticalSender: sender('Notifier', 'critical', 'security@example.org'),
  },
};
