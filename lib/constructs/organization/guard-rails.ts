import { Construct } from 'constructs';
import { dataGuardRail } from './data-guard-rail';
import { dataPerimeter } from './data-perimeter';
import { identityGuardRail } from './identity-guard-rail';
import { OrganizationPolicy } from './organization-policy';
import { type ResidencyGuardRailProps, residencyGuardRail } from './residency-guard-rail';
import { type TamperGuardRailProps, tamperGuardRail } from './tamper-guard-rail';

export interface GuardRailsProps extends ResidencyGuardRailProps, TamperGuardRailProps {
  /** Id of the organization, such as `o-exampleorgid`. */
  readonly organizationId: string;
  /** Root, or organizational units, whose accounts are bound: by four service control policies of the five that each may have. */
  readonly targets: readonly string[];
}

/**
 * The guard-rails of an organization: what nobody in a member account can do, whatever the account's own policies allow. They grant nothing, and
 * bind neither the management account nor roles linked to a service; test/policy-evaluation evaluates each of them.
 *
 * Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html
 */
export class GuardRails extends Construct {
  constructor(scope: Construct, id: string, props: GuardRailsProps) {
    super(scope, id);
    const { targets } = props;
    const service = (name: string, description: string, content: object) =>
      new OrganizationPolicy(this, name, {
        name: name.toLowerCase(),
        description,
        type: 'SERVICE_CONTROL_POLICY',
        content,
        targets,
      });
    service('Residency', 'Nothing outside the promised Regions', residencyGuardRail(props));
    service('Identity', 'No root user, no IAM users without second factor', identityGuardRail());
    service('Tamper', 'Records, detectors, backups and keys stay', tamperGuardRail(props));
    service('Data', 'Nothing public, nothing in clear text', dataGuardRail());
    new OrganizationPolicy(this, 'Perimeter', {
      name: 'perimeter',
      description: 'Data and roles for principals of the organization only',
      type: 'RESOURCE_CONTROL_POLICY',
      content: dataPerimeter(props.organizationId),
      targets,
    });
    new OrganizationPolicy(this, 'Machines', {
      name: 'machines',
      description: 'Defaults of machines that no account can change',
      type: 'DECLARATIVE_POLICY_EC2',
      content: machineDefaults,
      targets,
    });
  }
}

/**
 * Holds for machines that say nothing themselves. Public sharing of snapshots is not in it: each account blocks that with its network, and what a
 * declarative policy governs no account can set any more.
 *
 * Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_declarative_syntax.html
 */
const machineDefaults = {
  ec2_attributes: {
    exception_message: { '@@assign': 'Set for the whole organization: ask those who keep its guard-rails' },
    image_block_public_access: { state: { '@@assign': 'block_new_sharing' } },
    instance_metadata_defaults: {
      http_put_response_hop_limit: { '@@assign': '1' },
      http_tokens: { '@@assign': 'required' },
    },
    serial_console_access: { status: { '@@assign': 'disabled' } },
  },
};
