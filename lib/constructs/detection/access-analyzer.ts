import { Duration } from 'aws-cdk-lib';
import { CfnAnalyzer } from 'aws-cdk-lib/aws-accessanalyzer';
import { Construct } from 'constructs';

export interface AccessAnalyzerProps {
  /**
   * After how long a permission, role or key that nobody used becomes a finding.
   *
   * @default Duration.days(90)
   */
  readonly unusedAfter?: Duration;
}

/**
 * Finds what somebody outside the account can reach, and what somebody inside may do but never does. Nothing is archived
 * by rule: each finding is looked at by a person.
 *
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/what-is-access-analyzer.html
 */
export class AccessAnalyzer extends Construct {
  constructor(scope: Construct, id: string, props: AccessAnalyzerProps = {}) {
    super(scope, id);
    new CfnAnalyzer(this, 'External', { type: 'ACCOUNT' });
    new CfnAnalyzer(this, 'Unused', {
      type: 'ACCOUNT_UNUSED_ACCESS',
      analyzerConfiguration: {
        unusedAccessConfiguration: { unusedAccessAge: (props.unusedAfter ?? Duration.days(90)).toDays() },
      },
    });
  }
}
