import { Match, Template } from 'aws-cdk-lib/assertions';
import { environment } from './synthesize';

const stage = environment();
const mail = Template.fromStack(stage.mail);
const application = Template.fromStack(stage.application);

/** Statements that send, of every policy of a template. */
function sending(template: Template) {
  return Object.values(template.findResources('AWS::IAM::ManagedPolicy'))
    .flatMap(({ Properties: properties }) => properties.PolicyDocument.Statement)
    .filter((statement) => JSON.stringify(statement.Action).includes('ses:Send'));
}

test('ordinary mail leaves alone whoever bounced or complained, and is what a mail goes by that names nothing', () => {
  mail.hasResourceProperties('AWS::SES::ConfigurationSet', {
    Name: 'production-mail',
    SuppressionOptions: { SuppressedReasons: ['BOUNCE', 'COMPLAINT'] },
    DeliveryOptions: { TlsPolicy: 'REQUIRE' },
  });
  const [ordinary] = Object.keys(
    mail.findResources('AWS::SES::ConfigurationSet', { Properties: { Name: 'production-mail' } }),
  );
  mail.hasResourceProperties('AWS::SES::EmailIdentity', {
    EmailIdentity: 'app.example.com',
    ConfigurationSetAttributes: { ConfigurationSetName: { Ref: ordinary } },
    MailFromAttributes: { MailFromDomain: 'bounce.app.example.com', BehaviorOnMxFailure: 'REJECT_MESSAGE' },
  });
});

test('the domain proves itself in its own zone, and tells others to refuse who does not', () => {
  const records = Object.values(mail.findResources('AWS::Route53::RecordSet')).map(({ Properties: properties }) => [
    properties.Type,
    properties.Name,
  ]);
  expect(records.filter(([type]) => type === 'CNAME')).toHaveLength(3);
  expect(records).toContainEqual(['MX', 'bounce.app.example.com.']);
  mail.hasResourceProperties('AWS::Route53::RecordSet', {
    Name: '_dmarc.app.example.com.',
    Type: 'TXT',
    ResourceRecords: [Match.stringLikeRegexp('p=reject')],
  });
});

test('past the suppression list goes one role, with fixed texts from one address', () => {
  const [statement, ...others] = sending(mail);
  expect(others).toEqual([]);
  expect(statement).toMatchObject({
    Action: 'ses:SendTemplatedEmail',
    Condition: { StringEquals: { 'ses:FromAddress': 'security@app.example.com' } },
  });
  const resources = JSON.stringify(statement.Resource);
  expect(resources).toContain('configuration-set/production-critical-mail');
  expect(resources).not.toMatch(/configuration-set\/production-mail|\*/);
  const templates = Object.values(mail.findResources('AWS::SES::Template')).map(
    ({ Properties: properties }) => properties.Template.TemplateName,
  );
  expect(templates.filter((name) => !resources.includes(`template/${name}`))).toEqual([]);
  expect(templates).toHaveLength(3);
});

test('the confirmation of a deletion says when each step happens', () => {
  mail.hasResourceProperties('AWS::SES::Template', {
    Template: {
      TemplateName: 'production-account-deletion',
      TextPart: Match.stringLikeRegexp('\\{\\{requested_at\\}\\}[^]*\\{\\{recover_until\\}\\}[^]*\\{\\{purge_by\\}\\}'),
    },
  });
});

test('the application sends ordinary mail alone, and is the only one that becomes the other sender', () => {
  const [statement, ...others] = sending(application);
  expect(others).toEqual([]);
  expect(statement.Condition).toEqual({ StringEquals: { 'ses:FromAddress': 'no-reply@app.example.com' } });
  expect(JSON.stringify(statement.Resource)).not.toContain('critical');
  mail.hasResourceProperties('AWS::IAM::Role', {
    AssumeRolePolicyDocument: {
      Statement: [{ Condition: { ArnEquals: { 'aws:PrincipalArn': Match.stringLikeRegexp(':role/production-') } } }],
    },
  });
});

test('the application is told how, and by no secret', () => {
  const text = JSON.stringify(application.findResources('AWS::ECS::TaskDefinition'));
  for (const name of ['MAIL_FROM', 'MAIL_CONFIGURATION_SET', 'MAIL_CONTACT_LIST', 'MAIL_CRITICAL_ROLE']) {
    expect(text).toContain(`"Name":"${name}"`);
  }
});

test('a critical mail that is lost alerts by its message, and by nobody’s address', () => {
  const rules = mail.findResources('AWS::Events::Rule', {
    Properties: {
      EventPattern: { detail: { mail: { tags: { 'ses:configuration-set': ['production-critical-mail'] } } } },
    },
  });
  const [rule] = Object.values(rules);
  expect(rule?.Properties.EventPattern['detail-type']).toContain('Email Bounced');
  const [target] = rule?.Properties.Targets ?? [];
  expect(Object.values(target.InputTransformer.InputPathsMap)).toEqual(['$.detail.mail.messageId']);
});

test('every event is kept in an encrypted log that only its rule may fill', () => {
  mail.hasResourceProperties('AWS::Logs::LogGroup', {
    LogGroupName: '/aws/events/production-mail',
    KmsKeyId: Match.anyValue(),
    RetentionInDays: 731,
  });
  const [policy] = Object.values(mail.findResources('AWS::Logs::ResourcePolicy'));
  expect(JSON.stringify(policy)).toMatch(/PutLogEvents.*aws:SourceArn/s);
});

test('the reputation alarms before AWS stops the account', () => {
  const alarms = Object.values(mail.findResources('AWS::CloudWatch::Alarm')).map(({ Properties: properties }) => [
    properties.MetricName,
    properties.Threshold,
  ]);
  expect(alarms.sort()).toEqual([
    ['Reputation.BounceRate', 0.05],
    ['Reputation.ComplaintRate', 0.001],
  ]);
});
