import type { Environment, StackProps } from 'aws-cdk-lib';
import type { DeployedFigures } from '../settings/figures';
import type { OrganizationSettings } from '../settings/organization';

/** What every stack of the organization is given. */
export interface OrganizationStackProps extends StackProps {
  /** Account and Region by name: a stack without them could land anywhere. */
  readonly env: Required<Environment>;
  readonly settings: OrganizationSettings;
  readonly figures: DeployedFigures;
}
