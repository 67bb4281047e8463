/** The calls of the AWS SDK that this function makes beside those of installed clients. The SDK comes with Lambda's Node.js runtime. */

declare module '@aws-sdk/client-dynamodb' {
  export class DynamoDB {
    listTables(input: {
      ExclusiveStartTableName?: string;
    }): Promise<{ TableNames?: string[]; LastEvaluatedTableName?: string }>;
  }
}
