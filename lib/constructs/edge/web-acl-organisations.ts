import { aws_wafv2 as wafv2 } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Organisation } from '../../settings/environment';
import { block } from './web-acl-answers';
import type { UnorderedRule } from './web-acl-managed-groups';
import { and, headerStartsWith, not, or, sentFrom } from './web-acl-statements';

/**
 * Refuses requests to the host of an organisation from anywhere but its own addresses. The whole host, so that there is no route beside the
 * list, and the address of the connection, which no header can forge.
 *
 * @throws if an organisation has no address: its list would lock everybody out
 */
export function organisationsOnly(
  scope: Construct,
  organisations: readonly Organisation[],
  hstsSeconds: number,
): UnorderedRule[] {
  return organisations.map(({ name, host, addresses }) => {
    if (addresses.length === 0) {
      throw new Error(
        `organisation '${name}' allows no address, expected at least one range: name one or remove the organisation`,
      );
    }
    const ranges = {
      IPV4: addresses.filter((range) => !range.includes(':')),
      IPV6: addresses.filter((range) => range.includes(':')),
    };
    const lists = Object.entries(ranges)
      .filter(([, list]) => list.length > 0)
      .map(([ipAddressVersion, list]) =>
        sentFrom(
          new wafv2.CfnIPSet(scope, `Organisation-${name}-${ipAddressVersion}`, {
            description: `Addresses of the organisation ${name}`,
            scope: 'REGIONAL',
            ipAddressVersion,
            addresses: list,
          }).attrArn,
        ),
      );
    const [only] = lists;
    const listed = lists.length === 1 && only ? only : or(lists);
    return {
      name: `organisation-${name}`,
      action: block('refused', hstsSeconds),
      // Whatever follows: a port or a closing dot names the same host to the servers behind
      statement: and([headerStartsWith('host', host.toLowerCase()), not(listed)]),
    };
  });
}
