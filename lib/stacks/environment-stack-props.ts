import type { Environment, StackProps } from 'aws-cdk-lib';
import type { EnvironmentSettings } from '../settings/environment';
import type { DeployedFigures } from '../settings/figures';

/** What every stack of an environment is given. */
export interface EnvironmentStackProps extends StackProps {
  /** Account and Region by name: a stack without them could land anywhere. */
  readonly env: Required<Environment>;
  readonly settings: EnvironmentSettings;
  readonly figures: DeployedFigures;
}
