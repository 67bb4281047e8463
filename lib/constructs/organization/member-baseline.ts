import { Construct } from 'constructs';
import { type BaselineProps, memberBaselineTemplate } from './member-baseline-template';
import { organizationStackSet } from './organization-stack-set';

export interface MemberBaselineProps extends BaselineProps {
  /** Root, or organizational units, whose accounts get it: those of today and those that join. */
  readonly targets: readonly string[];
  /** Region that it is deployed to. */
  readonly region: string;
  /**
   * Whether the stack that deploys it is in a delegated administrator's account.
   *
   * @default false
   */
  readonly delegated?: boolean;
}

/**
 * Brings to every member account what each must have once, whoever works in it: the boundary of people, and the vault, key and role of the backup
 * policy. What each account must have in every Region is brought by `MemberRecorder`.
 *
 * @throws Error where the template is larger than a stack set takes
 */
export class MemberBaseline extends Construct {
  constructor(scope: Construct, id: string, props: MemberBaselineProps) {
    super(scope, id);
    organizationStackSet(this, 'Resource', {
      name: 'member-baseline',
      description: 'What every account of the organization has',
      template: memberBaselineTemplate(props),
      targets: props.targets,
      regions: [props.region],
      delegated: props.delegated,
    });
  }
}
