/** The calls of the AWS SDK that this function makes. The SDK itself comes with Lambda's Node.js runtime and is not bundled. */

declare module '@aws-sdk/client-dynamodb' {
  type Attribute = { S: string } | { N: string };

  export class DynamoDB {
    constructor(configuration: { requestHandler: { requestTimeout: number; connectionTimeout: number } });
    updateItem(input: {
      TableName: string;
      Key: Record<string, Attribute>;
      UpdateExpression: string;
      ConditionExpression: string;
      ExpressionAttributeNames: Record<string, string>;
      ExpressionAttributeValues: Record<string, Attribute>;
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD';
    }): Promise<unknown>;
    deleteItem(input: { TableName: string; Key: Record<string, Attribute> }): Promise<unknown>;
  }
}
