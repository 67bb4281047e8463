import { Stack } from 'aws-cdk-lib';
import type * as ecr from 'aws-cdk-lib/aws-ecr';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { ImageRepository } from '../constructs/application/image-repository';
import type { EnvironmentStackProps } from './environment-stack-props';

export interface ImagesStackProps extends EnvironmentStackProps {
  readonly keys: { readonly images: kms.IKey };
}

/** Where images are pushed to. A stack of its own, because it must be there, and filled, before an application can start from it. */
export class ImagesStack extends Stack {
  readonly application: ecr.IRepository;
  readonly proxy: ecr.IRepository;

  constructor(scope: Construct, id: string, props: ImagesStackProps) {
    super(scope, id, props);
    const repository = (kind: string, name: string) =>
      new ImageRepository(this, kind, { name: `${props.settings.name}/${name}`, key: props.keys.images }).repository;
    this.application = repository('Application', 'application');
    this.proxy = repository('Proxy', 'proxy');
  }
}
