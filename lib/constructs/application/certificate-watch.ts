import { Duration } from 'aws-cdk-lib';
import type * as acm from 'aws-cdk-lib/aws-certificatemanager';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sns from 'aws-cdk-lib/aws-sns';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { functionCode } from '../functions/function-code';
import { functionInVpc } from '../functions/function-in-vpc';

export interface CertificateWatchProps {
  /** Domain whose certificates are watched. */
  readonly domainName: string;
  /** Certificates of this Region that the domain uses: the only ones that are ours. */
  readonly certificates: readonly acm.ICertificate[];
  /** Hours between two looks. */
  readonly everyHours: number;
  /**
   * Address of a monitor that reads the public logs and answers like crt.sh. It lies outside AWS, and learns the domain name, which is public,
   * and nothing else; egress to it must be allowed.
   *
   * @default 'https://crt.sh/'
   */
  readonly monitor?: string;
  /** Hears of each certificate that is not ours, once, and of a watch that failed. */
  readonly alerts: sns.ITopic;
  readonly vpc: ec2.IVpc;
  /** Key of the function's log. */
  readonly logKey: kms.IKey;
  readonly retentionDays: number;
}

/**
 * Notices certificates that somebody else had issued for the domain. Every issuer has to enter what it issues into public logs before a
 * browser accepts it, so a forged or stolen name shows there first.
 *
 * Ours are those named; any other that is still valid is reported once, whoever ordered it and wherever. What was reported, and what was
 * once ours, is remembered in a parameter. The first look after the deployment therefore lists whatever others hold already.
 */
export class CertificateWatch extends Construct {
  readonly function: lambda.Function;

  constructor(scope: Construct, id: string, props: CertificateWatchProps) {
    super(scope, id);
    const certificateArns = props.certificates.map(({ certificateArn }) => certificateArn);
    const known = new ssm.StringParameter(this, 'Known', {
      description: 'Certificates that the watch has seen, written by itself',
      stringValue: '[]',
    });
    this.function = functionInVpc(this, 'Watch', {
      description: 'Reports certificates for our names that are not ours',
      code: functionCode('certificate-watch'),
      environment: {
        CERTIFICATES: certificateArns.join(','),
        DOMAIN_NAME: props.domainName,
        MONITOR: props.monitor ?? 'https://crt.sh/',
        KNOWN: known.parameterName,
        TOPIC: props.alerts.topicArn,
      },
      statements: [
        new iam.PolicyStatement({
          sid: 'RememberCertificates',
          actions: ['ssm:GetParameter', 'ssm:PutParameter'],
          resources: [known.parameterArn],
        }),
        new iam.PolicyStatement({
          sid: 'ReadOwnCertificates',
          actions: ['acm:DescribeCertificate'],
          resources: [...certificateArns],
        }),
      ],
      vpc: props.vpc,
      logKey: props.logKey,
      retentionDays: props.retentionDays,
      failures: props.alerts,
    });
    new events.Rule(this, 'Schedule', {
      description: 'Looks for certificates that are not ours',
      schedule: events.Schedule.rate(Duration.hours(props.everyHours)),
      targets: [new targets.LambdaFunction(this.function, { retryAttempts: 2 })],
    });
  }
}
