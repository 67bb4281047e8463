import { decide } from '../../../lib/control/decide';
import { finding, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Node } from '../../../lib/template/node';
import type { Scope } from '../../../lib/template/scope';
import type { Subject } from '../../../lib/template/subject';

/** What a network firewall stopped (ALERT) and what passed through it (FLOW), over all its logging configurations. */
export function firewallLog(firewall: Subject, scope: Scope): readonly Outcome[] {
  const logs = scope.referring(firewall, 'AWS::NetworkFirewall::LoggingConfiguration', 'FirewallArn');
  const readings = logs.map((log) => log.items('LoggingConfiguration.LogDestinationConfigs'));
  const destinations = readings.flatMap((items) => (items.kind === 'known' ? items.value : []));
  const hidden = readings.find((items) => items.kind === 'unresolved');
  if (hidden?.kind === 'unresolved') {
    return [notAssessed(hidden.reason)];
  }
  return ['ALERT', 'FLOW'].flatMap((kind) => {
    const ofKind = destinations.filter((each) => isKind(each, kind));
    const [first] = ofKind;
    return first ? destination(first) : [finding('firewallUnlogged', undefined, { kind })];
  });
}

/** A kind that cannot be read counts as any: its finding would be about the wrong log. */
function isKind(destination: Node, kind: string): boolean {
  const type = destination.at('LogType').text();
  return type.kind === 'unresolved' || (type.kind === 'known' && type.value === kind);
}

function destination(config: Node): readonly Outcome[] {
  const type = config.at('LogType').text();
  if (type.kind === 'unresolved') {
    return [notAssessed(type.reason, type.property)];
  }
  const places = ['logGroup', 'bucketName', 'deliveryStream'].map((place) => config.at(`LogDestination.${place}`));
  const place = places.find((each) => each.resolved.kind !== 'absent');
  return place
    ? decide(place.pattern(), { known: () => satisfied, absent: () => notAssessed('it names no place') })
    : [notAssessed('where it is written to cannot be seen', config.path)];
}

/** What is filtered out of it, and which headers it may show, is judged by edg-06. */
export function webAclLog(acl: Subject, scope: Scope): readonly Outcome[] {
  const [log] = scope.referring(acl, 'AWS::WAFv2::LoggingConfiguration', 'ResourceArn');
  return log
    ? decide(log.items('LogDestinationConfigs'), {
        known: ([first]) =>
          first
            ? decide(first.pattern(), { known: () => satisfied, absent: () => finding('aclUnlogged') })
            : finding('aclUnlogged'),
        absent: () => finding('aclUnlogged'),
      })
    : [finding('aclUnlogged')];
}

/** Which names a VPC asked for: the resolver answers what no flow log and no firewall sees. */
export function queryLog(vpc: Subject, scope: Scope): readonly Outcome[] {
  const [association] = scope.referring(
    vpc,
    'AWS::Route53Resolver::ResolverQueryLoggingConfigAssociation',
    'ResourceId',
  );
  if (!association) {
    return [finding('questionsUnlogged')];
  }
  return decide(association.reference('ResolverQueryLogConfigId'), {
    known: ({ subject: config }) =>
      decide(config.at('DestinationArn').pattern(), {
        known: () => satisfied,
        absent: () => finding('questionsUnlogged'),
      }),
    absent: () => finding('questionsUnlogged'),
    unresolved: () => notAssessed('its configuration is not here', 'ResolverQueryLogConfigId'),
  });
}
