import type { WholeOutcome } from '../../../lib/control/control';
import { notAssessed } from '../../../lib/control/verdict';
import type { Graph } from '../../../lib/template/graph';
import { isObject } from '../../../lib/template/parse';
import type { ResourceDefinition } from '../../../lib/template/template';

/** What CloudFormation calls things that keep data. */
const soundsLikeStore =
  /(Bucket|Table|Database|DBCluster|Cluster|FileSystem|FileCache|Volume|Disk|Store|Datastore|Queue|Topic|Stream|Repository|Vault|Cache|Domain|Snapshot|Ledger|DataLake|Tape|FileShare|Archive|Collection|Graph|Broker|Workspace|Dataset|KnowledgeBase)$/i;

/**
 * Names like those of stores, of things that keep no data of customers, or none apart from a resource that is judged: a log
 * stream lies in its log group, the volume of a file system in the file system.
 */
const keepsNothing =
  /RouteTable$|^AWS::(Amplify::Domain|Batch::JobQueue|CloudFront::TrustStore|CloudHSM::Cluster|CloudWatch::MetricStream|CodeArtifact::Repository|CodeStar::GitHubRepository|Cognito::UserPoolDomain|Connect::(Queue|Workspace)|CustomerProfiles::EventStream|Detective::Graph|DevOpsGuru::ResourceCollection|DocDB::GlobalCluster|EC2::TransitGateway\w+|ECR::PublicRepository|ECS::Cluster|EKS::Cluster|EMRContainers::VirtualCluster|ElasticLoadBalancingV2::TrustStore|FSx::(Snapshot|Volume)|GameLift::GameSessionQueue|Glue::(Database|Table)|Grafana::Workspace|IoT::Stream|Lightsail::Domain|Logs::LogStream|MSK::Topic|MediaConnect::FlowMediaStream|MediaConvert::Queue|MediaLive::Cluster|MemoryDB::MultiRegionCluster|Neptune::GlobalCluster|Pinpoint::EventStream|QLDB::Stream|QuickSight::Topic|RDS::\w+|Route53::CidrCollection|Route53RecoveryControl::Cluster|S3Tables::Table|SageMaker::CodeRepository|Timestream::Table|VerifiedPermissions::PolicyStore|WorkSpacesWeb::TrustStore)$/;

/** Properties with which a type says that it stores something at rest. */
const restProperties =
  /^(AtRestEncryptionEnabled|Encrypted|EncryptionAtRestOptions|ServerSideEncryptionConfiguration|SSESpecification|StorageEncrypted|UserVolumeEncryptionEnabled|VolumeEncryptionKey)$/;

/**
 * Every resource that seems to store data, by the name of its type or by a property that speaks of storage, and that nobody knows how
 * to judge. Custom resources are code: what they make is judged where it is declared.
 */
export function* unknownStores(graph: Graph, known: ReadonlySet<string>): Generator<WholeOutcome> {
  for (const type of graph.presentTypes) {
    if (known.has(type) || /^(Custom|AWS::CloudFormation|AWS::Serverless)::/.test(type) || keepsNothing.test(type)) {
      continue;
    }
    for (const resource of graph.ofType(type)) {
      if (soundsLikeStore.test(type) || speaksOfStorage(resource)) {
        yield {
          target: resource.template.path,
          subject: resource.logicalId,
          type,
          outcome: notAssessed(`${type} seems to store data, and how it is encrypted is not known to this control`),
        };
      }
    }
  }
}

function speaksOfStorage({ properties }: ResourceDefinition): boolean {
  return isObject(properties) && Object.keys(properties).some((name) => restProperties.test(name));
}
