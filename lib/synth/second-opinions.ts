import { join } from 'node:path';
import type { App, IPolicyValidationPlugin } from 'aws-cdk-lib';
import { AwsSolutionsChecks, HIPAASecurityChecks, NIST80053R5Checks, PCIDSS321Checks } from 'cdk-nag';
import { installedVersion } from './expected-opinions';
import { TemplateValidation } from './template-validation';

/**
 * The checkers that look at every synthesis beside our own judgement: the CDK's CloudFormation validation, and the cdk-nag packs, which
 * read construct properties before overrides and so are second opinions.
 * @param root folder of the package, below whose node_modules answers are remembered
 */
export function secondOpinions(app: App, root: string): readonly IPolicyValidationPlugin[] {
  const memory = join(root, 'node_modules', '.cache', 'avouch', 'template-validation.json');
  return [
    new TemplateValidation(memory, installedVersion(root, 'aws-cdk-lib') ?? 'unknown'),
    new AwsSolutionsChecks(app),
    new NIST80053R5Checks(app),
    new HIPAASecurityChecks(app),
    new PCIDSS321Checks(app),
  ];
}
