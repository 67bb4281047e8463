import { type Fact, factsOf, optionalFactIn } from '../../../lib/control/fact';
import { couldNotLook, type LiveHalf, type ReadResult } from '../../../lib/control/live';
import { judgeRules } from '../detection/rule-compliance';
import { collectFindings, type InspectorFacts, inspectorReads, judgeFindings } from './inspector-findings';

/** Managed rules of AWS Config that ask whether systems take their fixes over. */
const identifiers = new Set([
  'RDS_AUTOMATIC_MINOR_VERSION_UPGRADE_ENABLED',
  'ECS_FARGATE_LATEST_PLATFORM_VERSION',
  'LAMBDA_FUNCTION_SETTINGS_CHECK',
]);

const rulesRead = 'config:DescribeConfigRules';
const complianceRead = 'config:DescribeComplianceByConfigRule';

export interface PatchFacts extends InspectorFacts {
  readonly rules: ReadResult<readonly unknown[]>;
  readonly compliance: ReadResult<readonly unknown[]>;
}

/** SDL-04 in the running account: no rule about patches is broken, and no flaw of a system waits longer than promised. */
export const liveHalf: LiveHalf<PatchFacts> = {
  reads: [rulesRead, complianceRead, ...inspectorReads],
  expects: 'at-least-one',
  collect: async (account) => {
    const [findings, rules, compliance] = await Promise.all([
      collectFindings(account),
      account.list(rulesRead, 'ConfigRules'),
      account.list(complianceRead, 'ComplianceByConfigRules'),
    ]);
    return { ...findings, rules, compliance };
  },
  judge: (facts, { figures }) => {
    const { accountId, compliance, rules } = facts;
    const account = { subject: accountId, type: 'AWS::Account' };
    const deadlines = { criticalHours: figures.number('patch.criticalHours'), days: figures.number('patch.days') };
    return [
      ...(rules.ok ? [] : [{ ...account, outcome: couldNotLook(rulesRead, rules) }]),
      ...(compliance.ok ? [] : [{ ...account, outcome: couldNotLook(complianceRead, compliance) }]),
      ...(rules.ok && compliance.ok
        ? judgeRules(factsOf(rules.value, 'ConfigRules').filter(isAboutPatches), compliance.value, accountId)
        : []),
      ...judgeFindings(facts, ['ecr'], isOfSystem, deadlines),
    ];
  },
};

/** A package of the operating system, or one of which nobody says what it is. */
function isOfSystem(managers: readonly string[]): boolean {
  return managers.length === 0 || managers.some((manager) => manager === 'OS' || manager === 'unknown');
}

function isAboutPatches(rule: Fact): boolean {
  return identifiers.has(String(optionalFactIn(rule, 'Source')?.SourceIdentifier));
}
