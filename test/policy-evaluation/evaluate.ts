import { matchesWildcard } from '../../lib/template/wildcard';
import { type Context, filled, listOf, meets } from './conditions';

export interface Statement {
  readonly Sid?: string;
  readonly Effect: string;
  readonly Principal?: unknown;
  readonly Action?: unknown;
  readonly NotAction?: unknown;
  readonly Resource?: unknown;
  readonly NotResource?: unknown;
  readonly Condition?: Readonly<Record<string, unknown>>;
}

export interface Document {
  readonly Statement: readonly Statement[];
}

/** What somebody asks AWS to do. */
export interface Request {
  readonly principal: Principal;
  readonly action: string;
  readonly resource: string;
  /** Keys beside those that follow from the principal. */
  readonly context?: Context;
}

export interface Principal {
  readonly arn: string;
  /** Account that it belongs to; of an AWS service, none. */
  readonly account?: string;
  readonly organization?: string;
  /** A role linked to a service: no policy of an organization binds it. */
  readonly serviceLinked?: boolean;
  /** A service by its own name, not through a role. */
  readonly isService?: boolean;
  readonly context?: Context;
}

/** Policies that decide together; each list is what one kind holds. */
export interface Policies {
  readonly serviceControl?: readonly Document[];
  readonly resourceControl?: readonly Document[];
  readonly boundary?: Document;
  readonly identity?: readonly Document[];
  /** Account of the organization that no guard-rail binds. */
  readonly managementAccount?: string;
  /** Account that owns the resource. @default the principal's */
  readonly resourceAccount?: string;
}

export interface Decision {
  readonly allowed: boolean;
  /** Sid of the statement that denied, or why nothing allowed. */
  readonly because: string;
}

/**
 * Decides a request as AWS documents it: an explicit deny anywhere wins; then every kind of policy that binds must allow. `FullAWSAccess` and
 * `RCPFullAWSAccess`, which every organization attaches, allow for the guard-rails. Resource policies are not evaluated: what is asked here is whether a
 * request that is otherwise allowed still is.
 *
 * Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html and
 * https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html
 */
export function decide(request: Request, policies: Policies): Decision {
  const { principal } = request;
  const context = contextOf(request);
  const owner = policies.resourceAccount ?? principal.account;
  const isManaged = (account: string | undefined) => account !== undefined && account !== policies.managementAccount;
  const bindsCaller = isManaged(principal.account) && !principal.serviceLinked && !principal.isService;
  const bindsResource = isManaged(owner) && !principal.serviceLinked;
  const denying = [
    ...(bindsCaller ? (policies.serviceControl ?? []) : []),
    ...(bindsResource ? (policies.resourceControl ?? []) : []),
    ...(policies.boundary ? [policies.boundary] : []),
    ...(policies.identity ?? []),
  ].flatMap(({ Statement }) => Statement.filter(({ Effect }) => Effect === 'Deny'));
  const denied = denying.find((statement) => applies(statement, request, context));
  if (denied) {
    return { allowed: false, because: denied.Sid ?? 'a deny without a name' };
  }
  const allows = (documents: readonly Document[]) =>
    documents.some(({ Statement }) =>
      Statement.some((statement) => statement.Effect === 'Allow' && applies(statement, request, context)),
    );
  if (policies.boundary && !allows([policies.boundary])) {
    return { allowed: false, because: 'the boundary does not allow it' };
  }
  return policies.identity === undefined || allows(policies.identity)
    ? { allowed: true, because: 'nothing denies it' }
    : { allowed: false, because: 'no policy allows it' };
}

function contextOf({ principal, context }: Request): Context {
  return {
    'aws:principalarn': principal.arn,
    'aws:principalisawsservice': String(principal.isService ?? false),
    ...(principal.account === undefined ? {} : { 'aws:principalaccount': principal.account }),
    ...(principal.organization === undefined ? {} : { 'aws:principalorgid': principal.organization }),
    ...principal.context,
    ...context,
  };
}

function applies(statement: Statement, { action, resource }: Request, context: Context): boolean {
  return (
    speaksOf(statement.Action, statement.NotAction, action.toLowerCase(), (text) => text.toLowerCase()) &&
    speaksOf(statement.Resource, statement.NotResource, resource, (text) => filled(text, context)) &&
    meets(statement.Condition ?? {}, context)
  );
}

function speaksOf(only: unknown, except: unknown, value: string, read: (text: string) => string): boolean {
  const matches = (patterns: unknown) => listOf(patterns).some((pattern) => matchesWildcard(read(pattern), value));
  return except === undefined ? matches(only) : !matches(except);
}
