/** The few calls of the AWS SDK that this function makes. The SDK itself comes with Lambda's Node.js runtime and is not bundled. */

declare module '@aws-sdk/client-ec2' {
  interface Filter {
    Name: string;
    Values: string[];
  }

  export class EC2 {
    constructor(settings?: { region?: string; maxAttempts?: number });
    enableEbsEncryptionByDefault(input: Record<string, never>): Promise<{ EbsEncryptionByDefault?: boolean }>;
    describeSecurityGroupRules(input: {
      Filters: { Name: string; Values: string[] }[];
      NextToken?: string;
    }): Promise<{ SecurityGroupRules?: { SecurityGroupRuleId?: string; IsEgress?: boolean }[]; NextToken?: string }>;
    revokeSecurityGroupIngress(input: { GroupId: string; SecurityGroupRuleIds: string[] }): Promise<unknown>;
    describeVpcs(input: { Filters: Filter[] }): Promise<{ Vpcs?: { VpcId?: string }[] }>;
    describeNetworkInterfaces(input: { Filters: Filter[] }): Promise<{ NetworkInterfaces?: unknown[] }>;
    describeInternetGateways(input: {
      Filters: Filter[];
    }): Promise<{ InternetGateways?: { InternetGatewayId?: string }[] }>;
    describeSubnets(input: { Filters: Filter[] }): Promise<{ Subnets?: { SubnetId?: string }[] }>;
    detachInternetGateway(input: { InternetGatewayId: string; VpcId: string }): Promise<unknown>;
    deleteInternetGateway(input: { InternetGatewayId: string }): Promise<unknown>;
    deleteSubnet(input: { SubnetId: string }): Promise<unknown>;
    deleteVpc(input: { VpcId: string }): Promise<unknown>;
    revokeSecurityGroupEgress(input: { GroupId: string; SecurityGroupRuleIds: string[] }): Promise<unknown>;
  }
}

declare module '@aws-sdk/client-iam' {
  export class IAM {
    updateAccountPasswordPolicy(input: {
      MinimumPasswordLength: number;
      RequireLowercaseCharacters: boolean;
      RequireUppercaseCharacters: boolean;
      RequireNumbers: boolean;
      RequireSymbols: boolean;
      AllowUsersToChangePassword: boolean;
      MaxPasswordAge: number;
      PasswordReusePrevention: number;
    }): Promise<unknown>;
  }
}

declare module '@aws-sdk/client-s3-control' {
  export class S3Control {
    putPublicAccessBlock(input: {
      AccountId: string;
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: boolean;
        BlockPublicPolicy: boolean;
        IgnorePublicAcls: boolean;
        RestrictPublicBuckets: boolean;
      };
    }): Promise<unknown>;
  }
}
