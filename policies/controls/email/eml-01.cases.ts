import {
  addBeside,
  type ControlCases,
  change,
  type Edit,
  remove,
  removeResource,
  resourcesOf,
  set,
} from '../../../lib/control/cases';
import { isObject, type Json } from '../../../lib/template/parse';
import { exampleMail } from './example-mail';

const sets = 'AWS::SES::ConfigurationSet';
const identity = 'AWS::SES::EmailIdentity';
const list = 'AWS::SES::ContactList';
const events = 'AWS::SES::ConfigurationSetEventDestination';
const policy = 'AWS::IAM::ManagedPolicy';
const whole = 'ordinary mail, and one way past the suppression list';
const reasons = 'SuppressionOptions.SuppressedReasons';

const holds = (text: string) => (resource: Json) => JSON.stringify(resource).includes(text);
const isOrdinary = holds('"COMPLAINT"');
const isCritical = holds('"SuppressedReasons":[]');
const sendsCritical = (resource: Json) => /configuration-set\/(production-)?critical/.test(JSON.stringify(resource));

/** The statement of a policy that sends. */
function sendingStatement(properties: Json): Json {
  const document = isObject(properties.PolicyDocument) ? properties.PolicyDocument : {};
  const statements = (Array.isArray(document.Statement) ? document.Statement : []) as Json[];
  return statements.find(holds('ses:Send')) ?? {};
}

/** A second set like the first: its events are reported, and who may send through the first may send through it. */
const another: Edit = {
  on: sets,
  apply: (template, logicalId) => {
    const resources = resourcesOf(template);
    const { Properties: properties } = resources[logicalId] as { Properties: { Name: string } };
    const { Name: name } = properties;
    resources.Another = { Type: sets, Properties: { ...structuredClone(properties), Name: `${name}-too` } };
    for (const [id, resource] of Object.entries(resources)) {
      const text = JSON.stringify(resource);
      if (isObject(resource) && resource.Type === events && text.includes(`{"Ref":"${logicalId}"}`)) {
        resources.AnotherEvents = JSON.parse(text.replace(`{"Ref":"${logicalId}"}`, '{"Ref":"Another"}'));
      }
      if (isObject(resource) && resource.Type === policy) {
        resources[id] = JSON.parse(text.replaceAll(`configuration-set/${name}`, `configuration-set/${name}*`));
      }
    }
  },
};

export const cases: ControlCases = {
  compliant: {
    [whole]: { template: exampleMail },
  },
  mutations: [
    {
      name: 'complaints are no reason to leave somebody alone',
      of: whole,
      edit: set(sets, reasons, ['BOUNCE']),
      target: 'Ordinary',
      expect: { message: 'notSuppressed' },
      shippedWhere: isOrdinary,
    },
    {
      name: 'bounces are no reason to leave somebody alone',
      of: whole,
      edit: set(sets, reasons, ['COMPLAINT']),
      target: 'Ordinary',
      expect: { message: 'notSuppressed' },
      shippedWhere: isOrdinary,
    },
    {
      name: 'what the account suppresses is not known',
      of: whole,
      edit: remove(sets, 'SuppressionOptions'),
      target: 'Ordinary',
      expect: { message: 'not-assessed' },
      shippedWhere: isOrdinary,
    },
    {
      name: 'a second set goes past the suppression list, for the same sender',
      of: whole,
      edit: another,
      target: 'Critical',
      expect: { message: 'severalBypasses', at: '' },
      shippedWhere: isCritical,
    },
    {
      name: 'nothing goes past the suppression list',
      of: whole,
      edit: set(sets, reasons, ['BOUNCE', 'COMPLAINT']),
      target: 'Critical',
      expect: { message: 'noBypass', at: '' },
      shippedWhere: isCritical,
    },
    {
      name: 'TLS where it happens to be spoken',
      of: whole,
      edit: set(sets, 'DeliveryOptions.TlsPolicy', 'OPTIONAL'),
      target: 'Ordinary',
      expect: { message: 'clear' },
    },
    {
      name: 'TLS not mentioned',
      of: whole,
      edit: remove(sets, 'DeliveryOptions'),
      target: 'Critical',
      expect: { message: 'clear' },
    },
    {
      name: 'events that are switched off',
      of: whole,
      edit: set(events, 'EventDestination.Enabled', false),
      target: 'OrdinaryEvents',
      expect: { message: 'unheard', at: 'Ordinary' },
    },
    {
      name: 'events without complaints',
      of: whole,
      edit: set(events, 'EventDestination.MatchingEventTypes', ['bounce', 'delivery']),
      target: 'CriticalEvents',
      expect: { message: 'unheard', at: 'Critical' },
    },
    {
      name: 'a count instead of events',
      of: whole,
      edit: change(events, (properties) => {
        const { EventBridgeDestination: _bus, ...rest } = properties.EventDestination as Json;
        properties.EventDestination = {
          ...rest,
          CloudWatchDestination: {
            DimensionConfigurations: [
              { DimensionName: 'set', DimensionValueSource: 'messageTag', DefaultDimensionValue: 'none' },
            ],
          },
        };
      }),
      target: 'OrdinaryEvents',
      expect: { message: 'unheard', at: 'Ordinary' },
    },
    {
      name: 'no events at all',
      of: whole,
      edit: removeResource(events),
      target: 'OrdinaryEvents',
      expect: { message: 'unheard', at: 'Ordinary' },
    },
    {
      name: 'a mail that names no set has none',
      of: whole,
      edit: remove(identity, 'ConfigurationSetAttributes'),
      expect: { message: 'noDefault' },
    },
    {
      name: 'a mail that names no set goes past the suppression list',
      of: whole,
      edit: change(identity, (properties, template) => {
        const [critical] = Object.entries(resourcesOf(template)).find(([, each]) => isCritical(each as Json)) ?? [];
        properties.ConfigurationSetAttributes = { ConfigurationSetName: { Ref: critical } };
      }),
      expect: { message: 'bypassByDefault' },
    },
    {
      name: 'no identity',
      of: whole,
      edit: removeResource(identity),
      expect: { message: 'noIdentity', at: '' },
      notShipped: 'the policies of the own stacks refer to the identity, and a template without it is none',
    },
    {
      name: 'nowhere to opt out',
      of: whole,
      edit: removeResource(list),
      expect: { message: 'noList', at: '' },
    },
    {
      name: 'news for people who never asked for it',
      of: whole,
      edit: set(list, 'Topics.0.DefaultSubscriptionStatus', 'OPT_IN'),
      expect: { message: 'unasked' },
    },
    {
      name: 'the way past the list without an address that it is sent from',
      of: whole,
      edit: change(policy, (properties) => {
        delete sendingStatement(properties).Condition;
      }),
      target: 'CriticalSender',
      expect: { message: 'anySender', at: 'Critical' },
      shippedWhere: sendsCritical,
    },
    {
      name: 'the way past the list from any address of the domain',
      of: whole,
      edit: change(policy, (properties) => {
        sendingStatement(properties).Condition = { StringLike: { 'ses:FromAddress': '*@example.org' } };
      }),
      target: 'CriticalSender',
      expect: { message: 'anySender', at: 'Critical' },
      shippedWhere: sendsCritical,
    },
    {
      name: 'an address that a request may leave out',
      of: whole,
      edit: change(policy, (properties) => {
        sendingStatement(properties).Condition = {
          StringEqualsIfExists: { 'ses:FromAddress': 'security@example.org' },
        };
      }),
      target: 'CriticalSender',
      expect: { message: 'anySender', at: 'Critical' },
      shippedWhere: sendsCritical,
    },
    {
      name: 'who sends ordinary mail may use every configuration set',
      of: whole,
      edit: change(policy, (properties) => {
        sendingStatement(properties).Resource = '*';
      }),
      target: 'OrdinarySender',
      expect: { message: 'severalSenders', at: 'Critical' },
      shippedWhere: holds('ses:SendRawEmail'),
    },
    {
      name: 'who sends ordinary mail may use every configuration set of the account',
      of: whole,
      edit: change(policy, (properties) => {
        sendingStatement(properties).Resource = 'arn:aws:ses:*:*:configuration-set/*';
      }),
      target: 'OrdinarySender',
      expect: { message: 'severalSenders', at: 'Critical' },
      shippedWhere: holds('ses:SendRawEmail'),
    },
    {
      name: 'who sends ordinary mail may use whatever of SES there is',
      of: whole,
      edit: change(policy, (properties) => {
        sendingStatement(properties).Resource = ['arn:aws:ses:*'];
      }),
      target: 'OrdinarySender',
      expect: { message: 'severalSenders', at: 'Critical' },
      shippedWhere: holds('ses:SendRawEmail'),
    },
    {
      name: 'nobody may use the way past the list',
      of: whole,
      edit: change(policy, (properties) => {
        sendingStatement(properties).Action = 'ses:ListTemplates';
      }),
      target: 'CriticalSender',
      expect: { message: 'noSender', at: 'Critical' },
      shippedWhere: sendsCritical,
    },
    {
      name: 'a second role with the policy',
      of: whole,
      edit: change(policy, (properties) => {
        properties.Roles = [{ Ref: 'Task' }, { Ref: 'Notifier' }];
      }),
      target: 'CriticalSender',
      expect: { message: 'severalSenders', at: 'Critical' },
      notShipped: 'the roles of the own stacks name their policies, and no policy names a role',
    },
    {
      name: 'a user beside the role who may do everything with mail',
      of: whole,
      edit: addBeside(list, 'Mailer', () => ({
        Type: 'AWS::IAM::User',
        Properties: {
          Policies: [
            {
              PolicyName: 'mail',
              PolicyDocument: {
                Statement: [
                  {
                    Effect: 'Allow',
                    Action: 'ses:*',
                    Resource: '*',
                    Condition: { StringEquals: { 'ses:FromAddress': 'security@example.org' } },
                  },
                ],
              },
            },
          ],
        },
      })),
      expect: { message: 'severalSenders', at: 'Critical' },
      notShipped: 'what is edited there is the contact list, and the finding stands on the configuration set',
    },
  ],
  others: [
    {
      name: 'fails closed without any mail',
      template: { Resources: { Files: { Type: 'AWS::S3::Bucket' } } },
      expect: { '': { message: 'missing' } },
    },
    {
      name: 'an identity alone is no suppression',
      template: { Resources: { Domain: { Type: identity, Properties: { EmailIdentity: 'example.org' } } } },
      expect: { '': { message: 'missing' }, Domain: { message: 'noDefault' } },
    },
    {
      name: 'a set of somewhere else cannot be seen',
      template: {
        Resources: {
          Domain: {
            Type: identity,
            Properties: {
              EmailIdentity: 'example.org',
              ConfigurationSetAttributes: { ConfigurationSetName: 'ordinary' },
            },
          },
        },
      },
      presentOnly: true,
      expect: { Domain: 'not-assessed' },
    },
    {
      name: 'reasons that the deployer chooses are not assessed',
      template: {
        Parameters: { Reasons: { Type: 'CommaDelimitedList' } },
        Resources: {
          Ordinary: {
            Type: sets,
            Properties: {
              SuppressionOptions: { SuppressedReasons: { Ref: 'Reasons' } },
              DeliveryOptions: { TlsPolicy: 'REQUIRE' },
            },
          },
          OrdinaryEvents: resourcesOf(exampleMail).OrdinaryEvents,
        },
      },
      presentOnly: true,
      expect: { Ordinary: 'not-assessed' },
    },
    {
      name: 'a list without topics is one to opt out of everything',
      template: { Resources: { Contacts: { Type: list, Properties: {} } } },
      presentOnly: true,
      expect: { Contacts: 'satisfied' },
    },
  ],
  absentKeeps: {
    [`${policy}: PolicyDocument.Statement.*.Resource.*`]: 'who sends reaches one thing less',
    [`${policy}: PolicyDocument.Statement.*.Action.*`]: 'the other action sends as well, through the same set',
  },
  indifferent: {
    [`${policy}: PolicyDocument.Statement.*.Resource.0`]: 'the second resource is the one that reaches the set',
    [`${policy}: PolicyDocument.Statement.*.Action.*`]: 'the other action sends as well, through the same set',
  },
};
