import { finding, notAssessed, type Outcome } from '../../../lib/control/verdict';
import type { Scope } from '../../../lib/template/scope';

/**
 * Judges whether a group that things are moved into lets anything in or out. One with no rule out is given one to everywhere:
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-securitygroup.html
 */
export function openGroups(logicalId: string, scope: Scope): readonly Outcome[] {
  const group = scope.resources('AWS::EC2::SecurityGroup').find((each) => each.logicalId === logicalId);
  if (!group) {
    return [notAssessed(`the group ${logicalId} is not in the templates`)];
  }
  const [ways, entries] = [group.items('SecurityGroupEgress'), group.items('SecurityGroupIngress')];
  if (ways.kind === 'unresolved' || entries.kind === 'unresolved') {
    return [notAssessed(`the rules of group ${logicalId} cannot be read`)];
  }
  const leadsNowhere =
    ways.kind === 'known' &&
    ways.value.length > 0 &&
    ways.value.every((rule) => {
      const range = rule.at('CidrIp').text();
      return range.kind === 'known' && range.value === '255.255.255.255/32';
    });
  const others = ['AWS::EC2::SecurityGroupEgress', 'AWS::EC2::SecurityGroupIngress'].flatMap((type) =>
    scope.referring(group, type, 'GroupId'),
  );
  const isShut = leadsNowhere && (entries.kind === 'absent' || entries.value.length === 0) && others.length === 0;
  return isShut ? [] : [finding('openQuarantine', undefined, { group: logicalId })];
}
