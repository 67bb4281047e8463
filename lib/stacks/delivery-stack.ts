import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { DeliveryRole } from '../constructs/delivery/delivery-role';
import { type DeliverySettings, deliveryRoleName } from '../settings/environment';
import type { EnvironmentStackProps } from './environment-stack-props';

export interface DeliveryStackProps extends EnvironmentStackProps {
  readonly delivery: DeliverySettings;
}

/** The role of the pipeline that deploys the environment. A person deploys this stack once; everything after it comes through the pipeline. */
export class DeliveryStack extends Stack {
  constructor(scope: Construct, id: string, props: DeliveryStackProps) {
    super(scope, id, props);
    const { repository, environment } = props.delivery;
    new DeliveryRole(this, 'Pipeline', { repository, environment, roleName: deliveryRoleName(props.settings.name) });
  }
}
