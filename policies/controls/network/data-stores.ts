import { publicPart } from '../../../lib/template/cidr';
import type { Scope } from '../../../lib/template/scope';
import type { Subject } from '../../../lib/template/subject';
import { rulesOf } from './group-rules';

/** Where a kind of database names its security groups and its subnets: by a subnet group, or one by one. */
interface Placement {
  readonly groups: string;
  readonly subnetGroup?: string;
  readonly subnets?: string;
}

const placements: Readonly<Record<string, Placement>> = {
  'AWS::RDS::DBCluster': { groups: 'VpcSecurityGroupIds', subnetGroup: 'DBSubnetGroupName' },
  'AWS::RDS::DBInstance': { groups: 'VPCSecurityGroups', subnetGroup: 'DBSubnetGroupName' },
  'AWS::RDS::DBProxy': { groups: 'VpcSecurityGroupIds', subnets: 'VpcSubnetIds' },
  'AWS::DocDB::DBCluster': { groups: 'VpcSecurityGroupIds', subnetGroup: 'DBSubnetGroupName' },
  'AWS::Neptune::DBCluster': { groups: 'VpcSecurityGroupIds', subnetGroup: 'DBSubnetGroupName' },
  'AWS::Redshift::Cluster': { groups: 'VpcSecurityGroupIds', subnetGroup: 'ClusterSubnetGroupName' },
};

/** Databases in a VPC that NET-02 judges. */
export const databaseTypes: readonly string[] = Object.keys(placements);

/** Databases in a VPC, or with a public endpoint, that it does not judge: named where they occur, never passed over. */
export const unjudgedTypes: readonly string[] = [
  'AWS::DocDBElastic::Cluster',
  'AWS::ElastiCache::CacheCluster',
  'AWS::ElastiCache::ReplicationGroup',
  'AWS::ElastiCache::ServerlessCache',
  'AWS::Lightsail::Database',
  'AWS::MemoryDB::Cluster',
  'AWS::NeptuneGraph::Graph',
  'AWS::OpenSearchService::Domain',
  'AWS::RedshiftServerless::Workgroup',
  'AWS::Timestream::InfluxDBInstance',
];

export interface Placed {
  readonly subnets: readonly Subject[];
  readonly unseen: readonly string[];
  /** Property that names no subnet at all: the database lands in the subnets of the default VPC. */
  readonly none?: string;
}

/** The subnets of a database: by its subnet group, those of its cluster, or those of what it replicates. */
export function subnetsOf(database: Subject): Placed {
  const placement = placements[database.type];
  const listed = placement?.subnets && subnetsAt(database, placement.subnets);
  if (listed) {
    return listed;
  }
  const property = placement?.subnetGroup ?? '';
  const group = database.at(property);
  if (group.resolved.kind === 'absent') {
    return inherited(database) ?? { subnets: [], unseen: [], none: property };
  }
  const reference = group.reference();
  return reference.kind === 'known'
    ? subnetsAt(reference.value.subject, 'SubnetIds')
    : { subnets: [], unseen: [`the subnet group of ${database.logicalId} is not in the templates`] };
}

/** An instance lies where its cluster does, a read replica where its source does; a cluster is told for itself, restored or not. */
function inherited(database: Subject): Placed | undefined {
  const sources = database.type === 'AWS::RDS::DBInstance' ? ['DBClusterIdentifier', 'SourceDBInstanceIdentifier'] : [];
  for (const property of sources) {
    const source = database.at(property);
    if (source.resolved.kind !== 'absent') {
      const reference = source.reference();
      return reference.kind === 'known' && databaseTypes.includes(reference.value.subject.type)
        ? subnetsOf(reference.value.subject)
        : { subnets: [], unseen: [`${property} names what is not in the templates`] };
    }
  }
  return undefined;
}

function subnetsAt(holder: Subject, property: string): Placed {
  const list = holder.items(property);
  if (list.kind !== 'known') {
    const reason = list.kind === 'absent' ? 'it names none' : list.reason;
    return { subnets: [], unseen: [`${holder.logicalId}: ${property}: ${reason}`] };
  }
  const subnets: Subject[] = [];
  const unseen: string[] = [];
  for (const item of list.value) {
    const reference = item.reference();
    if (reference.kind === 'known' && reference.value.subject.type === 'AWS::EC2::Subnet') {
      subnets.push(reference.value.subject);
    } else {
      unseen.push(`${holder.logicalId}: ${item.path}: the subnet is not in the templates`);
    }
  }
  return { subnets, unseen };
}

/** Public addresses that the security groups of a database admit, group by group. */
export function admittedBy(database: Subject, scope: Scope) {
  const open: { readonly group: string; readonly source: string }[] = [];
  const unseen: string[] = [];
  const property = placements[database.type]?.groups ?? '';
  const groups = database.items(property);
  if (groups.kind === 'unresolved') {
    unseen.push(`${property}: ${groups.reason}`);
  }
  for (const item of groups.kind === 'known' ? groups.value : []) {
    const reference = item.reference();
    if (reference.kind !== 'known' || reference.value.subject.type !== 'AWS::EC2::SecurityGroup') {
      unseen.push(`${item.path}: the rules of the security group are not in the templates`);
      continue;
    }
    const group = reference.value.subject;
    const { rules, unseen: hidden } = rulesOf(group, scope, 'Ingress');
    unseen.push(...hidden.map(({ reason }) => `${group.logicalId}: ${reason}`));
    const sources = rules.flatMap(({ peer, protocol }) =>
      peer.kind === 'addresses' && protocol !== 'icmp' && publicPart(peer.ranges).length > 0 ? [peer.text] : [],
    );
    if (sources.length > 0) {
      open.push({ group: group.logicalId, source: sources.join(', ') });
    }
  }
  return { open, unseen };
}

const enginePorts: readonly (readonly [RegExp, readonly number[]])[] = [
  // The documentation of a cluster's Port gives 3306 for both Aurora engines, the one of the engine 5432.
  [/^aurora-postgresql/, [5432, 3306]],
  [/postgres/, [5432]],
  [/^aurora|mysql|mariadb/, [3306]],
  [/oracle/, [1521]],
  [/sqlserver/, [1433]],
];

const typePorts: Readonly<Record<string, readonly number[]>> = {
  'AWS::DocDB::DBCluster': [27017],
  'AWS::Neptune::DBCluster': [8182],
  'AWS::RDS::DBProxy': [5432, 3306, 1433],
  'AWS::Redshift::Cluster': [5439],
};

/** TCP ports on which a database may answer: its own, or those that its engine documents. Text where that is not known. */
export function portsOf(database: Subject): readonly number[] | string {
  const own = database.number(database.type === 'AWS::Neptune::DBCluster' ? 'DBPort' : 'Port');
  if (own.kind !== 'absent') {
    return own.kind === 'known' ? [own.value] : `Port: ${own.reason}`;
  }
  const ofType = typePorts[database.type];
  if (ofType) {
    return ofType;
  }
  const engine = database.text('Engine');
  const ports = engine.kind === 'known' ? enginePorts.find(([pattern]) => pattern.test(engine.value))?.[1] : undefined;
  return ports ?? 'Engine: on which port it answers is not known';
}
