import { CustomResource, RemovalPolicy } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as securityhub from 'aws-cdk-lib/aws-securityhub';
import { Construct } from 'constructs';
import { DEPLOYMENT_TIMEOUT, deploymentFunction } from '../functions/deployment-function';
import { functionCode } from '../functions/function-code';

export interface DelegatedAdministratorsProps {
  /** Account that administers the services for all others. */
  readonly account: string;
  /** Regions in which it does, where a service has an administrator in each. */
  readonly regions: readonly string[];
  /** Key of the function's log; its policy must admit CloudWatch Logs (`logWriter`). */
  readonly logKey: kms.IKey;
  readonly retentionDays: number;
}

/** Services that CloudFormation has no type of administrator for, by the first word of their principal. */
const SERVICES = ['access-analyzer', 'cloudtrail', 'config', 'guardduty', 'inspector2'];

/** Principals that the services let into the organization, as the trusted access of Organizations knows them. */
const TRUSTED = [
  'access-analyzer',
  'agentless.inspector2',
  'cloudtrail',
  'config',
  'guardduty',
  'inspector2',
  'malware-protection.guardduty',
].map((name) => `${name}.amazonaws.com`);

/** Service-linked roles that come with it: Config and Access Analyzer have theirs from their recorder and analyzer. */
const LINKED = TRUSTED.filter((principal) => !principal.startsWith('config.'));

/**
 * Lets one account administer what records and what detects in all accounts: AWS Config, CloudTrail, Access Analyzer, Security Hub, GuardDuty and
 * Inspector. The stack must be in the management account; nobody else may say it. GuardDuty and Inspector have an administrator in each Region.
 * Security Hub has it in the Region of the stack, which must be its home Region, and takes it to the others by itself.
 *
 * GuardDuty and Security Hub are switched on in the account by that alone: a detector or a hub in a template of it would be a second one.
 * Deleting the stack takes no administrator away: that of Security Hub would take every policy along, and the others leave every account without its
 * watch.
 *
 * Sources: https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_organizations.html,
 * https://docs.aws.amazon.com/inspector/latest/user/designating-admin.html and
 * https://docs.aws.amazon.com/securityhub/latest/userguide/designate-orgs-admin-account.html
 */
export class DelegatedAdministrators extends Construct {
  constructor(scope: Construct, id: string, props: DelegatedAdministratorsProps) {
    super(scope, id);
    const delegation = deploymentFunction(this, {
      description: 'Says which account administers the security services of the organization',
      code: functionCode('delegated-administrators'),
      statements: statements(props),
      logKey: props.logKey,
      retentionDays: props.retentionDays,
    });
    const others = new CustomResource(this, 'Resource', {
      resourceType: 'Custom::DelegatedAdministrators',
      serviceToken: delegation.functionArn,
      serviceTimeout: DEPLOYMENT_TIMEOUT,
      properties: { AccountId: props.account, Services: SERVICES, Regions: [...props.regions] },
    });
    const hub = new securityhub.CfnDelegatedAdmin(this, 'SecurityHub', { adminAccountId: props.account });
    // One after the other: Organizations refuses changes of trusted access that come at the same time
    hub.node.addDependency(others);
    hub.applyRemovalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
  }
}

function statements({ regions }: DelegatedAdministratorsProps): iam.PolicyStatement[] {
  const allow = (sid: string, actions: string[], conditions?: Record<string, Record<string, readonly string[]>>) =>
    new iam.PolicyStatement({ sid, actions, resources: ['*'], conditions });
  return [
    allow('AdministerInRegions', [...GUARD_DUTY, ...INSPECTOR], {
      StringEquals: { 'aws:RequestedRegion': regions },
    }),
    allow('AdministerTrails', ['cloudtrail:RegisterOrganizationDelegatedAdmin']),
    allow('LetServicesIn', ['organizations:EnableAWSServiceAccess', 'organizations:RegisterDelegatedAdministrator'], {
      StringEquals: { 'organizations:ServicePrincipal': TRUSTED },
    }),
    allow('LookAtOrganization', [
      'organizations:DescribeAccount',
      'organizations:DescribeOrganization',
      'organizations:ListAccounts',
      'organizations:ListAWSServiceAccessForOrganization',
      'organizations:ListDelegatedAdministrators',
    ]),
    allow('LetServicesHaveTheirRoles', ['iam:CreateServiceLinkedRole'], {
      StringEquals: { 'iam:AWSServiceName': LINKED },
    }),
  ];
}

const GUARD_DUTY = ['guardduty:EnableOrganizationAdminAccount', 'guardduty:ListOrganizationAdminAccounts'];

const INSPECTOR = ['inspector2:EnableDelegatedAdminAccount', 'inspector2:ListDelegatedAdminAccounts'];
