import type { App, IPolicyValidationPlugin } from 'aws-cdk-lib';
import { AwsSolutionsChecks, HIPAASecurityChecks, NIST80053R5Checks, PCIDSS321Checks } from 'cdk-nag';

/**
 * The cdk-nag packs that look at every synthesis beside our own judgement. They read construct properties before overrides, so they
 * are second opinions; CloudFormation validation is the CDK's own and runs without being asked.
 */
export function secondOpinions(app: App): readonly IPolicyValidationPlugin[] {
  return [
    new AwsSolutionsChecks(app),
    new NIST80053R5Checks(app),
    new HIPAASecurityChecks(app),
    new PCIDSS321Checks(app),
  ];
}
