import { type Fact, factsOf, optionalFactIn, optionalTextIn, textIn } from '../../../lib/control/fact';
import type { LiveOutcome } from '../../../lib/control/live';
import { finding, notApplicable, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';

/**
 * What the rules of AWS Config say, each by its name. A rule without results is not assessed: it may never have run, its function may fail, or
 * there may be nothing in its scope, and the service tells these apart for nobody.
 *
 * Source: https://docs.aws.amazon.com/config/latest/APIReference/API_DescribeComplianceByConfigRule.html
 *
 * @param rules as DescribeConfigRules lists them
 * @param compliance as DescribeComplianceByConfigRule lists it
 * @throws UnknownShape
 */
export function judgeRules(
  rules: readonly unknown[],
  compliance: readonly unknown[],
  accountId: string,
): readonly LiveOutcome[] {
  if (rules.length === 0) {
    return [{ subject: accountId, type: 'AWS::Account', outcome: finding('noRules') }];
  }
  const results = new Map(
    factsOf(compliance, 'ComplianceByConfigRules').map((entry) => [
      textIn(entry, 'ConfigRuleName'),
      optionalFactIn(entry, 'Compliance') ?? {},
    ]),
  );
  return factsOf(rules, 'ConfigRules').map((rule) => {
    const subject = textIn(rule, 'ConfigRuleName');
    const result = results.get(subject) ?? {};
    return {
      subject,
      type: 'AWS::Config::ConfigRule',
      outcome: judgeRule(rule, result),
      observations: [
        { property: 'Source.SourceIdentifier', value: optionalFactIn(rule, 'Source')?.SourceIdentifier ?? null },
        { property: 'ConfigRuleState', value: rule.ConfigRuleState ?? null },
        { property: 'ComplianceType', value: result.ComplianceType ?? null },
      ],
    };
  });
}

function judgeRule(rule: Fact, result: Fact): Outcome {
  if (optionalTextIn(rule, 'ConfigRuleState')?.startsWith('DELETING')) {
    return notApplicable('the rule is being deleted');
  }
  const type = optionalTextIn(result, 'ComplianceType');
  switch (type) {
    case 'COMPLIANT':
      return satisfied;
    case 'NON_COMPLIANT':
      return finding('nonCompliant', 'ComplianceType', { count: countOf(result) });
    case 'NOT_APPLICABLE':
      return notApplicable('nothing in the account is in the scope of the rule');
    case 'INSUFFICIENT_DATA':
      return notAssessed('the rule has no results: it never ran, fails, or found nothing in its scope');
    default:
      return notAssessed(`the service reports ${type ?? 'no compliance'} of the rule`);
  }
}

function countOf(result: Fact): string {
  const count = optionalFactIn(result, 'ComplianceContributorCount') ?? {};
  const known = typeof count.CappedCount === 'number' ? String(count.CappedCount) : 'an unknown number';
  return count.CapExceeded === true ? `${known} or more` : known;
}
