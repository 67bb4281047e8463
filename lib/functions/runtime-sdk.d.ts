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
