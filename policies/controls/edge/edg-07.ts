import { defineControl } from '../../../lib/control/control';
import { notApplicable, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Subject } from '../../../lib/template/subject';
import { judgeMethod } from './api-methods';
import { judgeProxyBodies } from './proxy-bodies';
import { judgeProxy, proxyTask } from './proxy-configuration';
import { webAcl } from './web-acl';
import { judgeWholeGroup, type WholeGroup } from './whole-group';

const method = 'AWS::ApiGateway::Method';

const sqlGroup: WholeGroup = {
  name: 'AWSManagedRulesSQLiRuleSet',
  ownStatement: 'SqliMatchStatement',
  messages: { gone: 'noSqlGroup', counted: 'sqlCounted', weakened: 'sqlWeakened', scoped: 'sqlScoped' },
};

/** EDG-07: what of a request is held against a schema, and what is searched for SQL, before the application sees it. */
export const control = defineControl({
  id: 'edg-07',
  title: 'Requests are validated before the application as far as the edge can, and SQL injection is blocked',
  family: 'edge',
  claims: ['tdb-sql-prepared', 'cly-zod-validation', 'cly-sql-injection-orm', 'cly-api-schema-validation-all'],
  doesNotProve:
    'That every operation behind a load balancer holds its body against a schema (nginx and the firewall see size, media type and suspicious text; the application checks the rest with its own schemas and attests it), that queries take values as bound parameters only, and that the models of an API say enough.',
  parameters: {},
  messages: {
    missing: {
      violation:
        'neither a web ACL nor an API with methods is deployed, so nothing checks requests before the application',
      fix: 'deploy the load balancer with its web ACL, or describe the methods of the API with models',
    },
    bypassed: {
      violation:
        'a load balancer hands requests of {name} to container {container}, around the proxy that checks bodies',
      fix: 'let the service register the container of the proxy, and no other',
    },
    noSqlGroup: {
      violation: 'web ACL {name} does not look for SQL injection: no rule runs AWSManagedRulesSQLiRuleSet',
      fix: 'add the managed rule group AWSManagedRulesSQLiRuleSet with overrideAction none',
    },
    sqlCounted: {
      violation: 'rule {rule} of web ACL {name} counts SQL injection and blocks none: {property} is {value}',
      fix: 'set overrideAction: { none: {} }',
    },
    sqlWeakened: {
      violation: 'rule {rule} of web ACL {name} leaves rules against SQL injection out, at {property}',
      fix: 'remove the override, or correct the request that it was made for',
    },
    sqlScoped: {
      violation: 'rule {rule} of web ACL {name} looks for SQL injection in some requests only, not in {example}',
      fix: 'remove the scope-down statement',
    },
    noSizeGate: {
      violation: 'the proxy of {name} passes bodies of any size on at {place}',
      fix: 'set client_max_body_size to what the application needs; 0 means no limit',
    },
    noTypeGate: {
      violation: 'the proxy of {name} passes bodies of every media type on, whatever the path',
      fix: 'answer 415 below the path of the API unless Content-Type is application/json',
    },
    looseTypeGate: {
      violation: 'the proxy of {name} takes the media type {type} for JSON at {place}',
      fix: 'match the whole of Content-Type, from its beginning',
    },
    noValidator: {
      violation: 'method {name} takes requests without holding them against anything: {property} is {value}',
      fix: 'set a request validator that checks body and parameters',
    },
    halfValidator: {
      violation: 'the validator of method {name} leaves out a half: {what} is not true',
      fix: 'set validateRequestBody and validateRequestParameters to true',
    },
    noModel: {
      violation: 'method {name} takes bodies without a model that says what may be in them',
      fix: 'set requestModels with a model for application/json',
    },
    emptyModel: {
      violation: 'model {model} of method {name} has an empty schema, which accepts anything',
      fix: 'describe the body: its type, its properties and which are required',
    },
    passesThrough: {
      violation: 'method {name} passes bodies of another media type on unchecked: {property} is {value}',
      fix: 'set passthroughBehavior: PassthroughBehavior.NEVER',
    },
  },
  template: {
    judges: [webAcl, proxyTask, method, 'AWS::ApiGateway::RestApi', 'AWS::ApiGatewayV2::Api', 'AWS::Lambda::Url'],
    expects: 'at-least-one',
    expected: [webAcl, method],
    judge: judgeSubject,
  },
});

function judgeSubject(subject: Subject): readonly Outcome[] {
  switch (subject.type) {
    case webAcl:
      return judgeWholeGroup(subject, sqlGroup);
    case proxyTask: {
      const found = judgeProxy(subject, judgeProxyBodies);
      return found.length === 0 ? [satisfied] : found;
    }
    case method:
      return judgeMethod(subject);
    case 'AWS::ApiGateway::RestApi': {
      const described = ['Body', 'BodyS3Location'].some((path) => subject.at(path).resolved.kind !== 'absent');
      return [
        described
          ? notAssessed('its methods stand in an OpenAPI document, which is not read')
          : notApplicable('its methods are judged'),
      ];
    }
    default:
      return [notAssessed('it holds requests against no schema: what stands behind it is not in the template')];
  }
}
