import { decide } from '../../../lib/control/decide';
import { finding, notApplicable, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Subject } from '../../../lib/template/subject';

const withBody = ['POST', 'PUT', 'PATCH', 'ANY'];

/**
 * A method of a REST API: a validator that checks parameters and body, a model for the body, and no way past it by another media type.
 *
 * Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-method-request-validation.html
 */
export function judgeMethod(method: Subject): readonly Outcome[] {
  return decide(method.text('HttpMethod'), {
    absent: () => notAssessed('CloudFormation requires the HTTP method'),
    known: (verb) => {
      if (verb === 'OPTIONS') {
        return notApplicable('asks what may be asked, and carries nothing');
      }
      const found = [...judgeValidator(method), ...(withBody.includes(verb) ? judgeBody(method) : [])];
      return found.length === 0 ? satisfied : found;
    },
  });
}

function judgeValidator(method: Subject): readonly Outcome[] {
  const validator = method.reference('RequestValidatorId');
  if (validator.kind !== 'known') {
    return validator.kind === 'absent'
      ? [finding('noValidator', validator.property)]
      : [notAssessed('the validator that it names is not in the template', validator.property)];
  }
  const { subject } = validator.value;
  return ['ValidateRequestBody', 'ValidateRequestParameters'].flatMap((property) =>
    decide(subject.bool(property), {
      known: (on) => (on ? [] : finding('halfValidator', validator.property, { what: property })),
      absent: () => finding('halfValidator', validator.property, { what: property }),
    }),
  );
}

function judgeBody(method: Subject): readonly Outcome[] {
  const models = decide(method.at('RequestModels').entries(), {
    absent: () => finding('noModel'),
    known: (entries) =>
      entries.length === 0
        ? finding('noModel')
        : entries.flatMap(([, model]) => {
            const reference = model.reference();
            if (reference.kind === 'known') {
              return judgeModel(reference.value.subject);
            }
            // Empty and Error are models of every API that accept anything
            return reference.kind === 'unresolved' && /^(Empty|Error)$/.test(reference.text)
              ? [finding('noModel', reference.property)]
              : [notAssessed('the model that it names is not in the template', reference.property)];
          }),
  });
  const passes = decide(method.text('Integration.PassthroughBehavior'), {
    known: (behaviour) => (behaviour === 'NEVER' ? [] : finding('passesThrough')),
    // Absent means WHEN_NO_MATCH: https://docs.aws.amazon.com/apigateway/latest/developerguide/integration-passthrough-behaviors.html
    absent: () => finding('passesThrough'),
  });
  return [...models, ...passes];
}

function judgeModel(model: Subject): readonly Outcome[] {
  const { resolved } = model.at('Schema');
  if (resolved.kind === 'unresolved') {
    return [notAssessed(`the schema of ${model.logicalId} is not known`)];
  }
  const text = resolved.kind === 'scalar' ? String(resolved.value).replace(/\s/g, '') : '';
  const isEmpty = resolved.kind === 'map' ? Object.keys(resolved.entries).length === 0 : text === '' || text === '{}';
  model.at('Schema').state();
  return isEmpty ? [finding('emptyModel', undefined, { model: model.logicalId })] : [];
}
