import { decide } from '../../../lib/control/decide';
import { finding, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Subject } from '../../../lib/template/subject';
import { hardeningHeaders, headerFaults, policyHeader } from './hardening-headers';

const prefix = 'gatewayresponse.header.';

/** Answers that API Gateway gives without the application: the two that stand for all others must be written. */
export function judgeRestApi(api: Subject): readonly Outcome[] {
  const types = api.scope.referring(api, 'AWS::ApiGateway::GatewayResponse', 'RestApiId').map((response) => {
    const type = response.text('ResponseType');
    return type.kind === 'known' ? type.value : undefined;
  });
  const missing = ['DEFAULT_4XX', 'DEFAULT_5XX'].filter((type) => !types.includes(type));
  return missing.length === 0 ? [satisfied] : missing.map((kind) => finding('gatewayDefault', undefined, { kind }));
}

/**
 * The body must not repeat what went wrong, and the headers are those of every answer. Left out, the body is API Gateway's own message.
 *
 * Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-gatewayResponse-definition.html
 */
export function judgeGatewayResponse(response: Subject, trustedTypes: boolean): readonly Outcome[] {
  const bodies = decide(response.at('ResponseTemplates').entries(), {
    absent: byDefault,
    known: (templates) =>
      templates.length === 0
        ? byDefault()
        : templates.flatMap(([type, template]) =>
            decide(template.pattern(), {
              known: (body) =>
                /\$context\.error\b|\$util\b|\$input\b/.test(body)
                  ? finding('tellingErrors', undefined, { page: type })
                  : [],
              absent: () => [],
            }),
          ),
  });
  const headers = decide(response.at('ResponseParameters').entries(), {
    absent: () => all().map((header) => finding('headerMissing', undefined, { header, place: 'this answer' })),
    known: (parameters) => {
      const sent = new Map(parameters.map(([name, node]) => [name.toLowerCase(), node]));
      return all().flatMap((header) => {
        const node = sent.get(`${prefix}${header}`.toLowerCase());
        if (!node) {
          return [finding('headerMissing', undefined, { header, place: 'this answer' })];
        }
        return decide(node.pattern(), {
          known: (value) =>
            headerFaults(header, [value.replace(/^'(.*)'$/, '$1')], trustedTypes).map(({ message, got }) =>
              finding(message, undefined, { header, got, place: 'this answer' }),
            ),
          absent: () => finding('headerMissing', undefined, { header, place: 'this answer' }),
        });
      });
    },
  });
  const found = [...bodies, ...headers];
  return found.length === 0 ? [satisfied] : found;
}

function byDefault(): Outcome {
  return finding('tellingErrors', undefined, { page: 'the default body' });
}

function all(): readonly string[] {
  return [...Object.keys(hardeningHeaders), policyHeader];
}
