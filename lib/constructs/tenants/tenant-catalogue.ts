import { RemovalPolicy, Tags } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';

export interface TenantCatalogueProps {
  /** Key of the table. Its policy must let DynamoDB use it. */
  readonly key: kms.IKey;
  /** Days for which the table can be restored to any second, 1 to 35. */
  readonly pitrDays: number;
}

/**
 * The list of all tenants: id, where each stands (`provisioning`, `ready`, `removing`, `removed`), and what it has for itself. Whoever must
 * not forget one goes by it: the migrator, backups, erasure. Tenants that are gone stay listed, so that their id is not used again.
 */
export class TenantCatalogue extends Construct {
  readonly table: dynamodb.Table;
  private readonly key: kms.IKey;

  constructor(scope: Construct, id: string, props: TenantCatalogueProps) {
    super(scope, id);
    this.key = props.key;
    this.table = new dynamodb.Table(this, 'Table', {
      partitionKey: { name: 'tenant', type: dynamodb.AttributeType.STRING },
      billingMode: dynamodb.BillingMode.PAY_PER_REQUEST,
      encryption: dynamodb.TableEncryption.CUSTOMER_MANAGED,
      encryptionKey: props.key,
      pointInTimeRecoverySpecification: {
        pointInTimeRecoveryEnabled: true,
        recoveryPeriodInDays: props.pitrDays,
      },
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    Tags.of(this.table).add('data-class', 'internal');
  }

  /** Lets an identity read the catalogue. */
  readStatements(): iam.PolicyStatement[] {
    return this.statements('ReadCatalogue', ['dynamodb:GetItem', 'dynamodb:Scan'], ['kms:Decrypt', 'kms:DescribeKey']);
  }

  /** Lets an identity read the catalogue and move tenants in it; nobody is taken off it. */
  writeStatements(): iam.PolicyStatement[] {
    return this.statements(
      'MoveTenants',
      ['dynamodb:GetItem', 'dynamodb:UpdateItem'],
      ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey', 'kms:ReEncryptFrom', 'kms:ReEncryptTo'],
    );
  }

  private statements(sid: string, actions: string[], keyActions: string[]): iam.PolicyStatement[] {
    return [
      new iam.PolicyStatement({ sid, actions, resources: [this.table.tableArn] }),
      new iam.PolicyStatement({ sid: `${sid}Key`, actions: keyActions, resources: [this.key.keyArn] }),
    ];
  }
}
