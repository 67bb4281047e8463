import { RemovalPolicy, Tags } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';

export interface VendorSecretsProps {
  /** Name of the environment, in front of each name. */
  readonly environment: string;
  /** Names such as `vendors/stripe/api-key`. */
  readonly names: readonly string[];
  /** Key of the secrets. Its policy must let Secrets Manager of this account use it. */
  readonly key: kms.IKey;
}

/**
 * Keys with which other companies know us. A deployment makes each with a random value that its vendor refuses, so that nothing that waits
 * for it fails to start; a person puts the real one in its place, which no later deployment overwrites.
 *
 * Nobody but one role may read them: a statement in the policy of each refuses all others, an administrator's too.
 *
 * @throws if a name is none
 */
export class VendorSecrets extends Construct {
  /** Each secret by the variable in which a container finds it: `STRIPE_API_KEY`. */
  readonly secrets: Readonly<Record<string, secretsmanager.ISecret>>;

  constructor(scope: Construct, id: string, props: VendorSecretsProps) {
    super(scope, id);
    // Known by its address alone: the secret would write into the policy of a key in another stack, which lets its service in already
    const key = kms.Key.fromKeyArn(this, 'Key', props.key.keyArn);
    this.secrets = Object.fromEntries(
      props.names.map((name) => {
        const variable = variableOf(name);
        const secret = new secretsmanager.Secret(this, variable, {
          secretName: `${props.environment}/${name}`,
          description: 'Key of a vendor, put in by a person',
          encryptionKey: key,
          removalPolicy: RemovalPolicy.RETAIN,
        });
        Tags.of(secret).add('avouch:replaced-by', 'person');
        return [variable, secret];
      }),
    );
  }

  /** Lets one role read the secrets, where its own policy allows it, and refuses everybody else. */
  readableBy(role: iam.IRole): void {
    for (const secret of Object.values(this.secrets)) {
      secret.addToResourcePolicy(
        new iam.PolicyStatement({
          sid: 'ReadByOneRole',
          effect: iam.Effect.DENY,
          principals: [new iam.AnyPrincipal()],
          actions: ['secretsmanager:GetSecretValue', 'secretsmanager:BatchGetSecretValue'],
          resources: ['*'],
          conditions: { ArnNotEquals: { 'aws:PrincipalArn': role.roleArn } },
        }),
      );
    }
  }
}

function variableOf(name: string): string {
  if (!/^vendors(\/[a-z][a-z0-9-]*){2}$/.test(name)) {
    throw new Error(
      `a vendor's secret is called '${name}', expected vendors/VENDOR/SECRET in lower case: change names`,
    );
  }
  return name.split('/').slice(1).join('_').replaceAll('-', '_').toUpperCase();
}
