import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { retentionOfAtLeast } from '../logging/log-retention';
import { type GuardsTemplateProps, memberGuardsTemplate } from './member-guards-template';
import { organizationStackSet } from './organization-stack-set';

export interface MemberGuardsProps extends Omit<GuardsTemplateProps, 'retentionDays'> {
  /** Root, or organizational units, whose accounts are guarded: those of today and those that join. */
  readonly targets: readonly string[];
  /** Region that it is deployed to; it reaches the others from there. */
  readonly region: string;
  /**
   * How long the log of the function is kept, at least.
   *
   * @default Duration.days(731)
   */
  readonly retention?: Duration;
}

/**
 * Sets in every member account what `AccountGuards` sets in those of environments, in each Region that may be used. It is set when the account is reached and
 * whenever the template changes; guard-rails keep it, and AWS Config watches that it stays.
 *
 * @throws Error where the template is larger than a stack set takes
 */
export class MemberGuards extends Construct {
  constructor(scope: Construct, id: string, props: MemberGuardsProps) {
    super(scope, id);
    const retentionDays = retentionOfAtLeast((props.retention ?? Duration.days(731)).toDays());
    organizationStackSet(this, 'Resource', {
      name: 'member-guards',
      description: 'What every account that is no environment would leave open by default',
      template: memberGuardsTemplate({ ...props, retentionDays }),
      targets: props.targets,
      regions: [props.region],
    });
  }
}
