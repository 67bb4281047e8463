import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { ManagementRecorder } from '../constructs/organization/management-recorder';
import type { OrganizationStackProps } from './organization-stack-props';

/** What is recorded of the management account itself, in one Region. It comes after the record, to whose bucket it delivers. */
export class ManagementStack extends Stack {
  constructor(scope: Construct, id: string, props: OrganizationStackProps) {
    super(scope, id, props);
    const { figures, settings } = props;
    new ManagementRecorder(this, 'Recorder', {
      homeRegion: settings.region,
      recordAccount: settings.securityAccount,
      frequency: figures.configFrequency,
      figures,
    });
  }
}
