import { Duration, Stack } from 'aws-cdk-lib';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as cloudfront from 'aws-cdk-lib/aws-cloudfront';
import * as route53 from 'aws-cdk-lib/aws-route53';
import { CloudFrontTarget } from 'aws-cdk-lib/aws-route53-targets';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { ContentDelivery } from '../../settings/environment';
import { REGIONS, type Region } from '../../settings/regions';
import { DataKey } from '../storage/data-key';
import { privateBucket } from '../storage/private-bucket';
import { distributionLogBucket } from './static-content-log';
import { distributionReader, letDistributionRead, signedOrigin } from './static-content-origin';

/** Regions whose buckets CloudFront does not deliver its logs to, because accounts have to switch them on first. */
const NO_LOGS_HERE: readonly Region[] = ['eu-south-1', 'eu-south-2'];

export interface StaticContentProps {
  /** Name of the environment: part of the key's alias. */
  readonly name: string;
  readonly region: Region;
  /** Domain of the service; the content answers at `static.` in front of it. */
  readonly domainName: string;
  /** Hosted zone of that domain. */
  readonly zone: route53.IHostedZone;
  /** Certificate and firewall that were made by hand; refused without. */
  readonly contentDelivery?: ContentDelivery;
  /** Bucket for server access logs. */
  readonly accessLogs: s3.IBucket;
  readonly retentionDays: number;
  readonly hstsSeconds: number;
  readonly minimumTls: '1.2' | '1.3';
  readonly keyRotation: Duration;
}

/**
 * Files that are public anyway, delivered from everywhere: scripts, styles, pictures, and nothing about anybody. It knows one origin, a bucket;
 * it forwards no cookie, no query and no method but GET and HEAD, so neither a session nor a form can pass through it. The application
 * stays in its Region.
 *
 * CloudFront has no price class for the EU alone: the smallest also answers from North America. Where that may not be, the profile says
 * `regional`, and this construct does not exist.
 *
 * Its certificate and its firewall lie in a Region outside the EU, so they are named and not made here. Without a certificate of its own a
 * distribution speaks TLS 1.0, whatever it is told.
 *
 * @throws if `contentDelivery` is missing, or if the Region can have no distribution or no logs of one
 *
 * Sources: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html and
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/secure-connections-supported-viewer-protocols-ciphers.html
 */
export class StaticContent extends Construct {
  readonly bucket: s3.Bucket;
  readonly distribution: cloudfront.Distribution;

  constructor(scope: Construct, id: string, props: StaticContentProps) {
    super(scope, id);
    const { certificateArn, webAclArn } = deliverable(props);
    const domainName = `static.${props.domainName}`;
    this.bucket = privateBucket(this, 'Bucket', {
      key: contentKey(this, props),
      minimumTls: '1.2',
      accessLogs: props.accessLogs,
      accessLogPrefix: 'static-content/',
      keepReplacedDays: 30,
      abortUploadAfterDays: 1,
    });
    this.distribution = new cloudfront.Distribution(this, 'Distribution', {
      comment: 'Static content without personal data',
      domainNames: [domainName],
      certificate: acm.Certificate.fromCertificateArn(this, 'Certificate', certificateArn),
      minimumProtocolVersion:
        props.minimumTls === '1.3'
          ? cloudfront.SecurityPolicyProtocol.TLS_V1_3_2025
          : cloudfront.SecurityPolicyProtocol.TLS_V1_2_2025,
      sslSupportMethod: cloudfront.SSLMethod.SNI,
      webAclId: webAclArn,
      priceClass: cloudfront.PriceClass.PRICE_CLASS_100,
      httpVersion: cloudfront.HttpVersion.HTTP2_AND_3,
      defaultBehavior: {
        origin: signedOrigin(this, this.bucket),
        viewerProtocolPolicy: cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
        allowedMethods: cloudfront.AllowedMethods.ALLOW_GET_HEAD,
        cachePolicy: nothingForwarded(this),
        responseHeadersPolicy: hardened(this, props.hstsSeconds),
      },
      enableLogging: true,
      logBucket: distributionLogBucket(this, 'Log', props),
      logIncludesCookies: false,
    });
    letDistributionRead(this.bucket, this.distribution);
    const target = route53.RecordTarget.fromAlias(new CloudFrontTarget(this.distribution));
    new route53.ARecord(this, 'AddressV4', { zone: props.zone, recordName: domainName, target });
    new route53.AaaaRecord(this, 'AddressV6', { zone: props.zone, recordName: domainName, target });
  }
}

function deliverable({ contentDelivery, name, region }: StaticContentProps): ContentDelivery {
  if (!contentDelivery) {
    throw new Error(
      `environment '${name}': contentDelivery is missing, expected the ARNs of a certificate and a web ACL for CloudFront: the profile delivers static content from a worldwide network, so name both in lib/settings/environments.ts or choose a profile whose edge.mode is regional`,
    );
  }
  if (REGIONS[region].partition !== 'aws' || NO_LOGS_HERE.includes(region)) {
    throw new Error(
      `environment '${name}': region is '${region}', where CloudFront cannot be used or cannot deliver its logs, expected another Region or a profile whose edge.mode is regional`,
    );
  }
  return contentDelivery;
}

function contentKey(scope: Construct, props: StaticContentProps) {
  return new DataKey(scope, 'Key', {
    protects: 'Static content',
    alias: `${props.name}/static-content`,
    services: ['s3'],
    writers: [distributionReader(Stack.of(scope))],
    rotationPeriod: props.keyRotation,
  }).key;
}

function nothingForwarded(scope: Construct): cloudfront.CachePolicy {
  return new cloudfront.CachePolicy(scope, 'NothingForwarded', {
    comment: 'No cookie, no query, no header reaches the origin',
    cookieBehavior: cloudfront.CacheCookieBehavior.none(),
    queryStringBehavior: cloudfront.CacheQueryStringBehavior.none(),
    headerBehavior: cloudfront.CacheHeaderBehavior.none(),
    defaultTtl: Duration.hours(1),
    maxTtl: Duration.days(365),
    enableAcceptEncodingBrotli: true,
    enableAcceptEncodingGzip: true,
  });
}

function hardened(scope: Construct, hstsSeconds: number): cloudfront.ResponseHeadersPolicy {
  return new cloudfront.ResponseHeadersPolicy(scope, 'Headers', {
    comment: `Hardening headers of ${Stack.of(scope).stackName}`,
    securityHeadersBehavior: {
      strictTransportSecurity: {
        accessControlMaxAge: Duration.seconds(hstsSeconds),
        includeSubdomains: true,
        override: true,
      },
      contentTypeOptions: { override: true },
      frameOptions: { frameOption: cloudfront.HeadersFrameOption.DENY, override: true },
      referrerPolicy: { referrerPolicy: cloudfront.HeadersReferrerPolicy.NO_REFERRER, override: true },
      contentSecurityPolicy: {
        contentSecurityPolicy: "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
        override: true,
      },
    },
    removeHeaders: ['Server'],
  });
}
