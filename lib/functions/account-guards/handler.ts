import { EC2 } from '@aws-sdk/client-ec2';
import { IAM } from '@aws-sdk/client-iam';
import { S3Control } from '@aws-sdk/client-s3-control';
import { customResource, putAnswer } from './custom-resource';

/** Entry point of the function: the guards with the SDK of the runtime. */
export const handler = customResource({ ec2: new EC2(), iam: new IAM(), s3Control: new S3Control() }, putAnswer);
