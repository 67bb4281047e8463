import { Stack, Tags } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { ApplicationService } from '../constructs/application/application-service';
import { VendorSecrets } from '../constructs/application/vendor-secrets';
import type { AuthorizationStore } from '../constructs/authorization/authorization-store';
import type { TenantDatabase } from '../constructs/database/tenant-database';
import { retentionOfAtLeast } from '../constructs/logging/log-retention';
import type { MailDelivery } from '../constructs/mail/mail-delivery';
import type { TenantAccess } from '../constructs/tenants/tenant-access';
import type { TenantBuckets } from '../constructs/tenants/tenant-buckets';
import type { TenantExports } from '../constructs/tenants/tenant-exports';
import type { TenantFiles } from '../constructs/tenants/tenant-files';
import { applicationRoleName } from './data-stack';
import type { EnvironmentStackProps } from './environment-stack-props';

export interface ApplicationStackProps extends EnvironmentStackProps {
  readonly vpc: ec2.IVpc;
  readonly keys: { readonly logs: kms.IKey; readonly secrets: kms.IKey };
  /** Where requests come from. */
  readonly edge: { readonly listener: elbv2.IApplicationListener };
  /** What it works with. */
  readonly data: {
    readonly database: TenantDatabase;
    readonly files: TenantFiles;
    readonly tenantBuckets?: TenantBuckets;
    readonly exports: TenantExports;
    readonly tenantAccess: TenantAccess;
  };
  /** Where the application asks who may do what. */
  readonly authorization: AuthorizationStore;
  /** How it writes to people. */
  readonly mail: MailDelivery;
}

/** The application itself: somebody's own image, behind a proxy that keeps what the edge promises. */
export class ApplicationStack extends Stack {
  readonly service: ApplicationService;

  constructor(scope: Construct, id: string, props: ApplicationStackProps) {
    super(scope, id, props);
    const { data, edge, figures, keys, settings, vpc } = props;
    const { application } = settings;
    const isProduction = settings.name === 'production';
    // Addresses of visitors
    Tags.of(this).add('data-class', 'personal');

    this.service = new ApplicationService(this, 'Service', {
      name: `${settings.name}-application`,
      vpc,
      database: data.database,
      authorization: props.authorization,
      mail: props.mail,
      tenancyMode: figures.tenancyMode,
      tenants: {
        role: data.tenantAccess.role,
        applicationRoleName: applicationRoleName(settings),
        files: data.tenantBuckets ?? data.files.bucket,
        exports: data.exports.bucket,
      },
      listener: edge.listener,
      image: application.image,
      proxyImage: application.proxyImage,
      certificates: application.databaseCertificates,
      proxy: {
        domainName: settings.domainName,
        trustedRange: settings.vpcCidr,
        minimumTls: figures.edgeMinimumTls,
        hstsSeconds: figures.hstsSeconds,
        strictCookies: figures.strictCookies,
        readers: application.readers,
        endpoints: application.endpoints,
        healthPath: application.healthPath,
        disclosure: {
          subject: 'Security report',
          languages: ['en'],
          ...settings.disclosure,
          ...figures.disclosure,
          contact: settings.contacts.security,
        },
      },
      logKey: keys.logs,
      logRetention: retentionOfAtLeast(figures.auditRetentionDays),
      secretKey: keys.secrets,
      vendorSecrets: new VendorSecrets(this, 'VendorSecrets', {
        environment: settings.name,
        names: figures.vendorSecrets,
        key: keys.secrets,
      }),
      tasks: isProduction ? { minimum: 2, maximum: 8 } : { minimum: 1, maximum: 2 },
    });
  }
}
