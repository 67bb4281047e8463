import { Graph } from '../../lib/template/graph';
import type { Answer } from '../../lib/template/policy-condition';
import { type PolicyDocument, type PolicyStatement, statementsOf } from '../../lib/template/policy-document';
import type { Reading } from '../../lib/template/reading';
import { Scope } from '../../lib/template/scope';
import { Template } from '../../lib/template/template';

/** The policy of a bucket, in a template with a parameter that nobody has set. */
export function read(policy: unknown): Reading<PolicyDocument> {
  const document = {
    Parameters: { Account: { Type: 'String' } },
    Resources: {
      Bucket: { Type: 'AWS::S3::Bucket' },
      Policy: { Type: 'AWS::S3::BucketPolicy', Properties: { PolicyDocument: policy } },
    },
  };
  const template = new Template({ path: 'case.json', sha256: '' }, JSON.parse(JSON.stringify(document)));
  const definition = template.resources.get('Policy');
  if (!definition) {
    throw new Error('the template has no policy');
  }
  return statementsOf(new Scope(new Graph([template])).subject(definition).at('PolicyDocument'));
}

/** The one statement of such a policy, with what is given over an Allow for everybody. */
export function statement(given: Record<string, unknown>): PolicyStatement {
  const reading = read({ Statement: { Effect: 'Allow', Principal: '*', Action: 's3:GetObject', ...given } });
  const [only, ...others] = reading.kind === 'known' ? reading.value.statements : [];
  if (!only || others.length > 0) {
    throw new Error(`expected one statement, got ${JSON.stringify(reading)}`);
  }
  return only;
}

export const said = (answer: Answer) => (answer.kind === 'known' ? answer.value : answer.reason);

export const parameter = { Ref: 'Account' };
export const notKnown = "the parameter 'Account' is the deployer's to choose";
