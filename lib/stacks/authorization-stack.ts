import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { AuthorizationStore } from '../constructs/authorization/authorization-store';
import type { EnvironmentStackProps } from './environment-stack-props';

/** Who may do what in the application. */
export class AuthorizationStack extends Stack {
  readonly store: AuthorizationStore;

  constructor(scope: Construct, id: string, props: EnvironmentStackProps) {
    super(scope, id, props);
    const { figures } = props;
    this.store = new AuthorizationStore(this, 'Store', { roles: figures.roles, customRoles: figures.customRoles });
  }
}
