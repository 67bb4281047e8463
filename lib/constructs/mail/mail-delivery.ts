import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as route53 from 'aws-cdk-lib/aws-route53';
import * as ses from 'aws-cdk-lib/aws-ses';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { CRITICAL_MESSAGES, type CriticalMessage } from './critical-messages';
import { MailDomain } from './mail-domain';
import { MailEvents } from './mail-events';

export interface MailDeliveryProps {
  /** Name of the environment, in front of every name. */
  readonly environment: string;
  /** Zone of the domain that mail is sent from. */
  readonly zone: route53.IPublicHostedZone;
  /** Name of the application's role in this account: the only one that may put on the role of critical mails. */
  readonly applicationRoleName: string;
  /** Key of the log of mail; its policy must let CloudWatch Logs use it. */
  readonly logKey: kms.IKey;
  /** Days for which the log of mail is kept, at least. */
  readonly retentionDays: number;
  /** Hears of critical mail that did not arrive, and of a bad reputation. */
  readonly alerts: sns.ITopic;
  /**
   * What nobody can opt out of, by its fixed words.
   *
   * @default - the deletion of an account, a security notice, the notice of a breach
   */
  readonly criticalMessages?: readonly CriticalMessage[];
}

/**
 * Mail of an application by SES, in two ways. The ordinary one leaves alone whoever bounced or complained, and offers a contact list on which
 * people opt out of what they did not ask for (`ListManagementOptions` of each such mail: RFC 8058, one click). The critical one reaches
 * suppressed addresses too: only a role of its own may use it, from one address, with texts that are fixed.
 *
 * Neither hands a mail to a server that speaks no TLS. SES does not count an opt-out as a reason to suppress: only a mail that names the contact
 * list honours it, and no policy can ask for that.
 *
 * Sources: https://docs.aws.amazon.com/ses/latest/dg/sending-email-suppression-list-config-level.html,
 * https://docs.aws.amazon.com/ses/latest/dg/sending-email-subscription-management.html and
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonses.html (claims cfus-email-*)
 */
export class MailDelivery extends Construct {
  readonly identity: ses.EmailIdentity;
  /** What the application puts on for a critical mail. */
  readonly criticalRole: iam.IRole;
  /** What the application is told. */
  readonly variables: Readonly<Record<string, string>>;
  private readonly names: { readonly ordinary: string; readonly critical: string; readonly contacts: string };
  private readonly from: { readonly ordinary: string; readonly critical: string };

  constructor(scope: Construct, id: string, props: MailDeliveryProps) {
    super(scope, id);
    const { environment, zone } = props;
    this.names = {
      ordinary: `${environment}-mail`,
      critical: `${environment}-critical-mail`,
      contacts: `${environment}-contacts`,
    };
    this.from = { ordinary: `no-reply@${zone.zoneName}`, critical: `security@${zone.zoneName}` };
    const ordinary = this.set('Ordinary', this.names.ordinary, {
      suppressionReasons: ses.SuppressionReasons.BOUNCES_AND_COMPLAINTS,
    });
    const critical = this.set('Critical', this.names.critical, { disableSuppressionList: true });
    this.identity = new MailDomain(this, 'Domain', { zone, configurationSet: ordinary }).identity;
    this.contactList();
    new MailEvents(this, 'Events', {
      ...props,
      name: `${environment}-mail`,
      sets: {
        ordinary: { set: ordinary, name: this.names.ordinary },
        critical: { set: critical, name: this.names.critical },
      },
    });
    this.criticalRole = this.roleOfCritical(props);
    this.variables = {
      MAIL_FROM: this.from.ordinary,
      MAIL_CONFIGURATION_SET: this.names.ordinary,
      MAIL_CONTACT_LIST: this.names.contacts,
      MAIL_CRITICAL_FROM: this.from.critical,
      MAIL_CRITICAL_CONFIGURATION_SET: this.names.critical,
      MAIL_CRITICAL_ROLE: this.criticalRole.roleArn,
    };
  }

  /** What the application's role must say: send in the ordinary way, keep the list of opt-outs, and put on the role of critical mails. */
  statements(): iam.PolicyStatement[] {
    return [
      new iam.PolicyStatement({
        sid: 'SendMail',
        actions: ['ses:SendEmail', 'ses:SendRawEmail'],
        resources: [this.identity.emailIdentityArn, this.arn('configuration-set', this.names.ordinary)],
        conditions: { StringEquals: { 'ses:FromAddress': this.from.ordinary } },
      }),
      new iam.PolicyStatement({
        sid: 'KeepOptOuts',
        actions: ['ses:CreateContact', 'ses:DeleteContact', 'ses:GetContact', 'ses:ListContacts', 'ses:UpdateContact'],
        resources: [this.arn('contact-list', this.names.contacts)],
      }),
      new iam.PolicyStatement({
        sid: 'SendCriticalMail',
        actions: ['sts:AssumeRole'],
        resources: [this.criticalRole.roleArn],
      }),
    ];
  }

  private set(id: string, configurationSetName: string, suppression: ses.ConfigurationSetProps): ses.ConfigurationSet {
    return new ses.ConfigurationSet(this, id, {
      ...suppression,
      configurationSetName,
      tlsPolicy: ses.ConfigurationSetTlsPolicy.REQUIRE,
      reputationMetrics: true,
      sendingEnabled: true,
    });
  }

  /** One list is all that SES gives an account in a Region. Whoever did not subscribe to news gets none. */
  private contactList(): void {
    const list = new ses.CfnContactList(this, 'Contacts', {
      contactListName: this.names.contacts,
      description: 'Who wants which mail, and who opted out',
      topics: [
        {
          topicName: 'news',
          displayName: 'News',
          description: 'What is new in the service',
          defaultSubscriptionStatus: 'OPT_OUT',
        },
      ],
    });
    // Who opted out stays opted out, whatever becomes of the stack
    list.applyRemovalPolicy(RemovalPolicy.RETAIN);
  }

  private roleOfCritical({ applicationRoleName, environment, ...props }: MailDeliveryProps): iam.IRole {
    const templates = (props.criticalMessages ?? CRITICAL_MESSAGES).map(({ name, subject, text }) => {
      const templateName = `${environment}-${name}`;
      new ses.CfnTemplate(this, name, { template: { templateName, subjectPart: subject, textPart: text } });
      return this.arn('template', templateName);
    });
    const statement = new iam.PolicyStatement({
      sid: 'SendFixedTexts',
      actions: ['ses:SendTemplatedEmail'],
      resources: [this.identity.emailIdentityArn, this.arn('configuration-set', this.names.critical), ...templates],
      conditions: { StringEquals: { 'ses:FromAddress': this.from.critical } },
    });
    const application = Stack.of(this).formatArn({
      service: 'iam',
      region: '',
      resource: 'role',
      resourceName: applicationRoleName,
    });
    // The application's role refers to this one, and a reference both ways cannot be deployed: so this one knows it by its name
    return new iam.Role(this, 'CriticalRole', {
      description: 'Sends what nobody may miss, to suppressed addresses too',
      assumedBy: new iam.AccountRootPrincipal().withConditions({ ArnEquals: { 'aws:PrincipalArn': application } }),
      managedPolicies: [new iam.ManagedPolicy(this, 'CriticalPolicy', { statements: [statement] })],
    }).withoutPolicyUpdates();
  }

  private arn(resource: string, resourceName: string): string {
    return Stack.of(this).formatArn({ service: 'ses', resource, resourceName });
  }
}
