import { RemovalPolicy, aws_verifiedpermissions as verifiedpermissions } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { ROLE_MODELS, type RoleCount } from '../../settings/role-models';
import { type CedarPolicy, customRoleTemplates, grants, prohibitions } from './authorization-policies';
import { authorizationSchema } from './authorization-schema';

export interface AuthorizationStoreProps {
  /** Roles that come with the product: 3, 5 or 18. */
  readonly roles: RoleCount;
  /**
   * Whether organisations may put together roles of their own.
   *
   * @default false
   */
  readonly customRoles?: boolean;
}

/** What Verified Permissions takes at most; neither can be raised for one policy, and templates only by asking. */
const MOST_BYTES = 10_000;
const MOST_TEMPLATES = 40;

/**
 * Decides per action who may do what: a Verified Permissions policy store with the model of roles and permissions.
 *
 * The application asks with every action, and hands over what decides: the user with his roles and organisation, the record with its
 * organisation, the second factor and the address. Roles are data of that moment and stand in no token, so a role that is taken away
 * is gone at once.
 *
 * Every policy is checked against the schema (`STRICT`): a name that is mistyped would otherwise match nothing, silently.
 *
 * @throws if the model does not fit into what Verified Permissions takes
 *
 * Source: https://docs.aws.amazon.com/verifiedpermissions/latest/userguide/quotas.html
 */
export class AuthorizationStore extends Construct {
  readonly policyStoreId: string;
  readonly policyStoreArn: string;

  constructor(scope: Construct, id: string, props: AuthorizationStoreProps) {
    super(scope, id);
    const roles = ROLE_MODELS[props.roles];
    const store = new verifiedpermissions.CfnPolicyStore(this, 'Resource', {
      description: 'Who may do what in the application',
      schema: { cedarJson: authorizationSchema() },
      validationSettings: { mode: 'STRICT' },
      deletionProtection: { mode: 'ENABLED' },
    });
    store.applyRemovalPolicy(RemovalPolicy.RETAIN);
    this.policyStoreId = store.attrPolicyStoreId;
    this.policyStoreArn = store.attrArn;
    for (const policy of [...prohibitions(roles), ...grants(roles)].map(fitting)) {
      new verifiedpermissions.CfnPolicy(this, policy.name, {
        policyStoreId: this.policyStoreId,
        definition: { static: { description: policy.description, statement: policy.statement } },
      });
    }
    for (const { name, description, statement } of props.customRoles ? templates() : []) {
      new verifiedpermissions.CfnPolicyTemplate(this, name, {
        policyStoreId: this.policyStoreId,
        description,
        statement,
      });
    }
  }
}

function templates(): readonly CedarPolicy[] {
  const found = customRoleTemplates();
  if (found.length > MOST_TEMPLATES) {
    throw new Error(
      `roles of one's own take ${found.length} templates, expected at most ${MOST_TEMPLATES}: take areas out of the catalogue`,
    );
  }
  return found.map(fitting);
}

function fitting(policy: CedarPolicy): CedarPolicy {
  const bytes = Buffer.byteLength(policy.statement);
  if (bytes > MOST_BYTES) {
    throw new Error(`policy '${policy.name}' takes ${bytes} bytes, expected at most ${MOST_BYTES}: split it`);
  }
  return policy;
}
