import { EC2 } from '@aws-sdk/client-ec2';
import { IAM } from '@aws-sdk/client-iam';
import { S3Control } from '@aws-sdk/client-s3-control';
import { customResource } from '../custom-resource/custom-resource';
import { clientSettings } from '../custom-resource/each-region';
import { type GuardRequest, setGuard } from './requests';

const clients = {
  ec2: new EC2(),
  ec2In: (region: string) => new EC2(clientSettings(region)),
  iam: new IAM(),
  s3Control: new S3Control(),
};

/** Entry point of the function: the guards with the SDK of the runtime. */
export const handler = customResource((request: GuardRequest) => setGuard(clients, request));
