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
