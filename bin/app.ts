import { App } from 'aws-cdk-lib';
import { readEnvironment } from '../lib/settings/check-settings';
import type { DeployedFigures } from '../lib/settings/figures';
import { EnvironmentStage } from '../lib/stacks/environment-stage';

const app = new App();
const settings = readEnvironment(app.node.tryGetContext('environment'));
const figures = figuresOf(app.node.tryGetContext('profile'));

new EnvironmentStage(app, settings.name, { settings, figures });

app.synth();

// TODO(profile): the resolved figures of the profile replace this one function
function figuresOf(profile: string): DeployedFigures {
  if (profile !== 'strictest') {
    throw new Error(`profile is '${profile}', expected strictest: change -c profile=...`);
  }
  return {
    availabilityZones: 3,
    flowLogSeconds: 60,
    databasePort: 5432,
    minimumTls: '1.3',
    keyRotationDays: 365,
    pitrDays: 30,
    auditRetentionDays: 731,
    passwordMinLength: 12,
    customerMfa: 'ON',
    customerSms: true,
    tokenMinutes: 15,
  };
}
