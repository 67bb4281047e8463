/** The calls of the AWS SDK that the functions of backups make beside those of installed clients. The SDK comes with Lambda's Node.js runtime. */

declare module '@aws-sdk/client-rds' {
  interface DBCluster {
    DBClusterArn?: string;
    Endpoint?: string;
    Port?: number;
    MasterUsername?: string;
    Status?: string;
  }

  interface DBInstance {
    DBClusterIdentifier?: string;
    TagList?: { Key?: string; Value?: string }[];
  }

  export class RDS {
    describeDBClusters(input: {
      DBClusterIdentifier?: string;
      Marker?: string;
    }): Promise<{ DBClusters?: DBCluster[]; Marker?: string }>;
    describeDBInstances(input: { DBInstanceIdentifier: string }): Promise<{ DBInstances?: DBInstance[] }>;
    createDBInstance(input: {
      DBInstanceIdentifier: string;
      DBClusterIdentifier: string;
      DBInstanceClass: string;
      Engine: 'aurora-postgresql';
      PubliclyAccessible: false;
      CACertificateIdentifier: string;
      Tags: { Key: string; Value: string }[];
    }): Promise<unknown>;
    modifyDBCluster(input: {
      DBClusterIdentifier: string;
      ManageMasterUserPassword: false;
      MasterUserPassword: string;
      ApplyImmediately: true;
    }): Promise<unknown>;
    deleteDBInstance(input: { DBInstanceIdentifier: string; SkipFinalSnapshot: true }): Promise<unknown>;
  }
}

declare module '@aws-sdk/client-dynamodb' {
  export interface TableDescription {
    TableStatus?: string;
    KeySchema?: { AttributeName?: string; KeyType?: string }[];
    SSEDescription?: { KMSMasterKeyArn?: string };
  }

  export interface DynamoDB {
    describeTable(input: { TableName: string }): Promise<{ Table?: TableDescription }>;
  }
}

declare module '@aws-sdk/client-s3' {
  export interface S3 {
    listObjectsV2(input: { Bucket: string; Prefix?: string; Delimiter?: '/'; ContinuationToken?: string }): Promise<{
      Contents?: { Key?: string; Size?: number; LastModified?: Date }[];
      CommonPrefixes?: { Prefix?: string }[];
      NextContinuationToken?: string;
    }>;
    getObject(input: { Bucket: string; Key: string; Range: string }): Promise<{
      Body?: { transformToByteArray(): Promise<Uint8Array> };
      SSEKMSKeyId?: string;
    }>;
  }
}
