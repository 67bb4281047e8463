import { EC2 } from '@aws-sdk/client-ec2';
import { IAM } from '@aws-sdk/client-iam';
import { S3Control } from '@aws-sdk/client-s3-control';
import { customResource } from '../custom-resource/custom-resource';
import { type GuardRequest, setGuard } from './requests';

const clients = { ec2: new EC2(), iam: new IAM(), s3Control: new S3Control() };

/** Entry point of the function: the guards with the SDK of the runtime. */
export const handler = customResource((request: GuardRequest) => setGuard(clients, request));
