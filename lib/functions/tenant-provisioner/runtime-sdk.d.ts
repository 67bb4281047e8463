/** The calls of the AWS SDK that this function makes. The SDK itself comes with Lambda's Node.js runtime and is not bundled. */

declare module '@aws-sdk/client-dynamodb' {
  export type Item = Record<string, { S?: string }>;

  export class DynamoDB {
    getItem(input: { TableName: string; Key: Item; ConsistentRead: true }): Promise<{ Item?: Item }>;
    updateItem(input: {
      TableName: string;
      Key: Item;
      UpdateExpression: string;
      ConditionExpression: string;
      ExpressionAttributeNames: Record<string, string>;
      ExpressionAttributeValues: Item;
      ReturnValues: 'ALL_NEW';
    }): Promise<{ Attributes?: Item }>;
    scan(input: {
      TableName: string;
      ConsistentRead: true;
      ExclusiveStartKey?: Item;
    }): Promise<{ Items?: Item[]; LastEvaluatedKey?: Item }>;
  }
}
