import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { context } from '../../cdk.json';
import type { DeployedFigures } from '../../lib/settings/figures';
import type { OrganizationSettings } from '../../lib/settings/organization';
import { ORGANIZATION } from '../../lib/settings/our-organization';
import { OrganizationStage } from '../../lib/stacks/organization-stage';
import { FIGURES } from '../stacks/synthesize';
import type { Document, Policies } from './evaluate';

/** The organization's stage under the flags of cdk.json. */
export function organization(
  settings: Partial<OrganizationSettings> = {},
  figures: Partial<DeployedFigures> = {},
): OrganizationStage {
  if (!ORGANIZATION) {
    throw new Error('the example settings have no organization');
  }
  return new OrganizationStage(new App({ context }), 'organization', {
    settings: { ...ORGANIZATION, ...settings },
    figures: { ...FIGURES, ...figures },
  });
}

export interface SynthesizedPolicy {
  readonly name: string;
  readonly type: string;
  readonly content: Document;
  readonly targets: readonly string[];
}

/** The policies of an organization as its synthesized template holds them. */
export function policiesIn(stage: OrganizationStage): readonly SynthesizedPolicy[] {
  const found = Template.fromStack(Stack.of(stage.governance)).findResources('AWS::Organizations::Policy');
  return Object.values(found).map(({ Properties: { Name, Type, Content, TargetIds } }) => ({
    name: Name,
    type: Type,
    content: Content,
    targets: TargetIds,
  }));
}

/** The guard-rails that bind requests in every account. */
export function guardRailsOf(stage: OrganizationStage): Policies {
  const ofType = (type: string) =>
    policiesIn(stage)
      .filter((policy) => policy.type === type && policy.targets.some((target) => target.startsWith('r-')))
      .map(({ content }) => content);
  return {
    serviceControl: ofType('SERVICE_CONTROL_POLICY'),
    resourceControl: ofType('RESOURCE_CONTROL_POLICY'),
    managementAccount: ORGANIZATION?.managementAccount,
  };
}
