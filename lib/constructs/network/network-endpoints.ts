import { Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { PULL, runtimeAgentRepositories } from '../application/runtime-agent';

export interface NetworkEndpointsProps {
  readonly vpc: ec2.IVpc;
  /** Account whose identities may pass; everybody else's credentials are refused at the endpoint. */
  readonly account: string;
}

const { BACKUP, CERTIFICATE_MANAGER, COGNITO_IDP, EMAIL, RDS, SNS, STEP_FUNCTIONS, VERIFIED_PERMISSIONS, WAFV2 } =
  ec2.InterfaceVpcEndpointAwsService;
const { KMS, SECRETS_MANAGER, CLOUDWATCH_LOGS, CLOUDWATCH_MONITORING, STS, SSM, ECR, ECR_DOCKER, EC2 } =
  ec2.InterfaceVpcEndpointAwsService;

/** What the tiers call all day, so that it never leaves AWS's network. Everything else has to pass the egress firewall. */
const INTERFACES = {
  Kms: KMS,
  SecretsManager: SECRETS_MANAGER,
  Logs: CLOUDWATCH_LOGS,
  Monitoring: CLOUDWATCH_MONITORING,
  Sts: STS,
  Ssm: SSM,
  EcrApi: ECR,
  EcrDocker: ECR_DOCKER,
  Ec2: EC2,
  Sns: SNS,
  Waf: WAFV2,
  Certificates: CERTIFICATE_MANAGER,
  Backup: BACKUP,
  Rds: RDS,
  Authorization: VERIFIED_PERMISSIONS,
  People: COGNITO_IDP,
  Mail: EMAIL,
  Processes: STEP_FUNCTIONS,
};

/**
 * Private doors to AWS. Each admits only identities of our own account, so that credentials that somebody brought along cannot carry
 * data out through them, and only resources of it, so that our own credentials cannot either.
 *
 * Two things must still pass the door to S3, because AWS signs them itself: the image layers of the registry, which lie in a
 * bucket of AWS, and the answers of custom resources to CloudFormation. Both are named. The doors to the registry admit one
 * repository of AWS, from which tasks pull the agent of GuardDuty.
 *
 * Sources: https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html and
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-vpce-bucketnames.html
 */
export class NetworkEndpoints extends Construct {
  readonly s3: ec2.GatewayVpcEndpoint;
  readonly dynamoDb: ec2.GatewayVpcEndpoint;
  /** Admits HTTPS from the private subnets to the interface endpoints; nothing leaves it. */
  readonly securityGroup: ec2.SecurityGroup;

  constructor(scope: Construct, id: string, props: NetworkEndpointsProps) {
    super(scope, id);
    const { vpc, account } = props;
    // Not from the isolated subnets: their route tables know the VPC and nothing else
    const subnets = [{ subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS }];
    this.s3 = vpc.addGatewayEndpoint('S3', { service: ec2.GatewayVpcEndpointAwsService.S3, subnets });
    this.s3.addToPolicy(ownIdentities(account));
    this.s3.addToPolicy(imageLayers(Stack.of(this)));
    this.s3.addToPolicy(customResourceAnswers(Stack.of(this)));
    this.dynamoDb = vpc.addGatewayEndpoint('DynamoDb', { service: ec2.GatewayVpcEndpointAwsService.DYNAMODB, subnets });
    this.dynamoDb.addToPolicy(ownIdentities(account));

    this.securityGroup = new ec2.SecurityGroup(this, 'SecurityGroup', {
      vpc,
      description: 'HTTPS from the private subnets to the interface endpoints',
      allowAllOutbound: false,
    });
    for (const subnet of vpc.privateSubnets) {
      this.securityGroup.addIngressRule(ec2.Peer.ipv4(subnet.ipv4CidrBlock), ec2.Port.tcp(443), 'HTTPS to AWS');
    }
    for (const [name, service] of Object.entries(INTERFACES)) {
      const endpoint = vpc.addInterfaceEndpoint(name, {
        service,
        open: false,
        securityGroups: [this.securityGroup],
        subnets: { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS },
      });
      endpoint.addToPolicy(ownIdentities(account));
      if (service === ECR || service === ECR_DOCKER) {
        this.admitRuntimeAgent(endpoint, account);
      }
    }
  }

  private admitRuntimeAgent(endpoint: ec2.InterfaceVpcEndpoint, account: string): void {
    const repositories = runtimeAgentRepositories(this);
    if (repositories.length > 0) {
      endpoint.addToPolicy(
        new iam.PolicyStatement({
          principals: [new iam.AnyPrincipal()],
          actions: PULL,
          resources: [...repositories],
          conditions: { StringEquals: { 'aws:PrincipalAccount': account } },
        }),
      );
    }
  }
}

function ownIdentities(account: string): iam.PolicyStatement {
  return new iam.PolicyStatement({
    principals: [new iam.AnyPrincipal()],
    actions: ['*'],
    resources: ['*'],
    conditions: { StringEquals: { 'aws:PrincipalAccount': account, 'aws:ResourceAccount': account } },
  });
}

function imageLayers(stack: Stack): iam.PolicyStatement {
  return new iam.PolicyStatement({
    principals: [new iam.AnyPrincipal()],
    actions: ['s3:GetObject'],
    resources: [`arn:${stack.partition}:s3:::prod-${stack.region}-starport-layer-bucket/*`],
  });
}

function customResourceAnswers(stack: Stack): iam.PolicyStatement {
  const bucket = `arn:${stack.partition}:s3:::cloudformation-custom-resource-response-${stack.region.replaceAll('-', '')}`;
  return new iam.PolicyStatement({
    principals: [new iam.AnyPrincipal()],
    actions: ['s3:PutObject'],
    resources: [`${bucket}/*`],
  });
}
