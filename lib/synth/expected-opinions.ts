import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Checkers that the project's own app asks at every synthesis, by the names of their plugins, with the versions installed. */
export function expectedOpinions(root: string): readonly { readonly tool: string; readonly version?: string }[] {
  const nag = installedVersion(root, 'cdk-nag');
  const packs = ['AwsSolutions', 'NIST.800.53.R5', 'HIPAA.Security', 'PCI.DSS.321'].map((tool) => ({
    tool,
    version: nag,
  }));
  return [...packs, { tool: 'CloudFormation Validate', version: installedVersion(root, 'aws-cdk-lib') }];
}

/** Version of an installed package, or undefined where it is not there. */
export function installedVersion(root: string, name: string): string | undefined {
  try {
    const text = readFileSync(require.resolve(join(name, 'package.json'), { paths: [root] }), 'utf8');
    const version: unknown = JSON.parse(text).version;
    return typeof version === 'string' ? version : undefined;
  } catch {
    return undefined;
  }
}
