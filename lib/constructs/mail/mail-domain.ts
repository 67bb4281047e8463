import { Duration } from 'aws-cdk-lib';
import * as route53 from 'aws-cdk-lib/aws-route53';
import * as ses from 'aws-cdk-lib/aws-ses';
import { Construct } from 'constructs';

export interface MailDomainProps {
  /** Zone of the domain that mail is sent from; the records that prove it are written there. */
  readonly zone: route53.IPublicHostedZone;
  /** Configuration set of every mail that names none itself. */
  readonly configurationSet: ses.IConfigurationSetRef;
}

/**
 * The right to send mail as a domain: signed with DKIM, returned to a subdomain of its own, and by DMARC refused wherever somebody else sends
 * as the domain. A mail that names no configuration set is sent through the given one, so that forgetting it switches nothing off.
 *
 * The account starts in the sandbox of SES, where only verified addresses receive anything: a person asks AWS for production access.
 *
 * Sources: https://docs.aws.amazon.com/ses/latest/dg/managing-configuration-sets-default-sets.html and
 * https://docs.aws.amazon.com/ses/latest/dg/send-email-authentication-dmarc.html
 */
export class MailDomain extends Construct {
  readonly identity: ses.EmailIdentity;

  constructor(scope: Construct, id: string, props: MailDomainProps) {
    super(scope, id);
    const { zone, configurationSet } = props;
    this.identity = new ses.EmailIdentity(this, 'Identity', {
      identity: ses.Identity.publicHostedZone(zone),
      configurationSet,
      dkimSigning: true,
      dkimIdentity: ses.DkimIdentity.easyDkim(ses.EasyDkimSigningKeyLength.RSA_2048_BIT),
      mailFromDomain: `bounce.${zone.zoneName}`,
      mailFromBehaviorOnMxFailure: ses.MailFromBehaviorOnMxFailure.REJECT_MESSAGE,
      // Bounces arrive as events; by mail they would go to whoever the mail says it is from
      feedbackForwarding: false,
    });
    new route53.TxtRecord(this, 'Dmarc', {
      zone,
      recordName: `_dmarc.${zone.zoneName}`,
      values: ['v=DMARC1; p=reject; adkim=s; aspf=r'],
      ttl: Duration.hours(1),
    });
  }
}
