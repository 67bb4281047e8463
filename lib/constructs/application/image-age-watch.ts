import { Duration, Stack } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { functionCode } from '../functions/function-code';
import { functionInVpc } from '../functions/function-in-vpc';

export interface ImageAgeWatchProps {
  /** Images that run: `registry/repository@sha256:…`. */
  readonly images: readonly string[];
  /** Days after which an image must have been built anew. */
  readonly days: number;
  /** Hears of images that are too old, of those whose age nobody knows, and of a look that failed. */
  readonly alerts: sns.ITopic;
  readonly vpc: ec2.IVpc;
  /** Key of the function's log. */
  readonly logKey: kms.IKey;
  readonly retentionDays: number;
}

/**
 * Looks every day whether the images that run were built anew in time. The registry knows when an image was pushed; a scan says only what
 * was known about it.
 */
export class ImageAgeWatch extends Construct {
  readonly function: lambda.Function;

  constructor(scope: Construct, id: string, props: ImageAgeWatchProps) {
    super(scope, id);
    const repositories = repositoriesOf(Stack.of(this), props.images);
    this.function = functionInVpc(this, 'Watch', {
      description: 'Reports running images that were not built anew in time',
      code: functionCode('image-age-watch'),
      environment: {
        IMAGES: props.images.join(','),
        DAYS: String(props.days),
        TOPIC: props.alerts.topicArn,
      },
      statements:
        repositories.length > 0
          ? [
              new iam.PolicyStatement({
                sid: 'AskWhenImagesWerePushed',
                actions: ['ecr:DescribeImages'],
                resources: [...repositories],
              }),
            ]
          : [],
      vpc: props.vpc,
      logKey: props.logKey,
      retentionDays: props.retentionDays,
      failures: props.alerts,
    });
    new events.Rule(this, 'Schedule', {
      description: 'Looks for running images that are too old',
      schedule: events.Schedule.rate(Duration.days(1)),
      targets: [new targets.LambdaFunction(this.function, { retryAttempts: 2 })],
    });
  }
}

/** Repositories of our own among the images; of another registry nobody here may ask. */
function repositoriesOf(stack: Stack, images: readonly string[]): readonly string[] {
  const found = images.flatMap((image) => {
    const [, account, region, repository] = /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.[^/]+\/([^@:]+)@/.exec(image) ?? [];
    return repository === undefined
      ? []
      : [stack.formatArn({ service: 'ecr', account, region, resource: 'repository', resourceName: repository })];
  });
  return [...new Set(found)];
}
