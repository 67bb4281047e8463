/** Calls of the AWS SDK that several functions make. The SDK itself comes with Lambda's Node.js runtime and is not bundled. */

declare module '@aws-sdk/client-dynamodb' {
  export type Item = Record<string, { S?: string; N?: string }>;

  export class DynamoDB {
    constructor(configuration?: { requestHandler: { requestTimeout: number; connectionTimeout: number } });
    listTables(input: {
      ExclusiveStartTableName?: string;
    }): Promise<{ TableNames?: string[]; LastEvaluatedTableName?: string }>;
    getItem(input: { TableName: string; Key: Item; ConsistentRead: true }): Promise<{ Item?: Item }>;
    updateItem(input: {
      TableName: string;
      Key: Item;
      UpdateExpression: string;
      ConditionExpression: string;
      ExpressionAttributeNames: Record<string, string>;
      ExpressionAttributeValues: Item;
      ReturnValues?: 'ALL_NEW';
      ReturnValuesOnConditionCheckFailure?: 'ALL_OLD';
    }): Promise<{ Attributes?: Item }>;
    deleteItem(input: { TableName: string; Key: Item }): Promise<unknown>;
    scan(input: {
      TableName: string;
      ConsistentRead: true;
      ExclusiveStartKey?: Item;
    }): Promise<{ Items?: Item[]; LastEvaluatedKey?: Item }>;
  }
}

declare module '@aws-sdk/client-organizations' {
  export class Organizations {
    constructor(configuration?: { maxAttempts: number });
    enableAWSServiceAccess(input: { ServicePrincipal: string }): Promise<unknown>;
    registerDelegatedAdministrator(input: { AccountId: string; ServicePrincipal: string }): Promise<unknown>;
    listAccounts(input: {
      NextToken?: string;
    }): Promise<{ Accounts?: { Id?: string; State?: string; Status?: string }[]; NextToken?: string }>;
  }
}

declare module '@aws-sdk/client-guardduty' {
  interface Feature {
    Name: string;
    Status: 'ENABLED';
    AdditionalConfiguration?: { Name: string; Status: 'ENABLED' }[];
  }

  interface OrganizationFeature {
    Name: string;
    AutoEnable: string;
    AdditionalConfiguration?: { Name: string; AutoEnable: string }[];
  }

  export class GuardDuty {
    constructor(configuration?: { region: string; maxAttempts: number });
    listOrganizationAdminAccounts(input: {
      NextToken?: string;
    }): Promise<{ AdminAccounts?: { AdminAccountId?: string; AdminStatus?: string }[]; NextToken?: string }>;
    enableOrganizationAdminAccount(input: { AdminAccountId: string }): Promise<unknown>;
    listDetectors(input: Record<string, never>): Promise<{ DetectorIds?: string[] }>;
    createDetector(input: {
      Enable: true;
      FindingPublishingFrequency: string;
      Features: Feature[];
    }): Promise<{ DetectorId?: string }>;
    updateDetector(input: {
      DetectorId: string;
      Enable: true;
      FindingPublishingFrequency: string;
      Features: Feature[];
    }): Promise<unknown>;
    updateOrganizationConfiguration(input: {
      DetectorId: string;
      AutoEnableOrganizationMembers: string;
      Features: OrganizationFeature[];
    }): Promise<unknown>;
  }
}

declare module '@aws-sdk/client-inspector2' {
  interface FailedAccount {
    accountId?: string;
    errorCode?: string;
    errorMessage?: string;
  }

  export class Inspector2 {
    constructor(configuration?: { region: string; maxAttempts: number });
    batchGetAccountStatus(input: { accountIds: string[] }): Promise<{
      accounts?: {
        accountId?: string;
        resourceState?: Partial<Record<'ec2' | 'ecr' | 'lambda' | 'lambdaCode', { status?: string }>>;
      }[];
    }>;
    enable(input: { accountIds: string[]; resourceTypes: string[] }): Promise<{ failedAccounts?: FailedAccount[] }>;
    listDelegatedAdminAccounts(input: {
      nextToken?: string;
    }): Promise<{ delegatedAdminAccounts?: { accountId?: string; status?: string }[]; nextToken?: string }>;
    enableDelegatedAdminAccount(input: { delegatedAdminAccountId: string }): Promise<unknown>;
    listMembers(input: {
      onlyAssociated: true;
      nextToken?: string;
    }): Promise<{ members?: { accountId?: string }[]; nextToken?: string }>;
    associateMember(input: { accountId: string }): Promise<unknown>;
    updateOrganizationConfiguration(input: {
      autoEnable: { ec2: boolean; ecr: boolean; lambda: boolean; lambdaCode: boolean };
    }): Promise<unknown>;
  }
}
