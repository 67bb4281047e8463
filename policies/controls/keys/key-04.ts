import { defineControl } from '../../../lib/control/control';
import { finding, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Subject } from '../../../lib/template/subject';
import { judgeFile } from './assembly-secrets';
import { judgePlainPlaces, plainTypes } from './plain-environment';
import { judgeSecretProperties, secretProperties } from './secret-properties';
import { judgeTemplateText, secretsIn } from './template-secrets';

const judged = new Set([...Object.keys(secretProperties), ...plainTypes]);

/** KEY-04: nothing that is deployed or lies beside it holds a secret, and none ends as plain text where others may read it. */
export const control = defineControl({
  id: 'key-04',
  title: 'Secrets reach the application at run time, and stand in no template, asset or plain environment',
  family: 'keys',
  claims: ['cfeu-credentials-aesgcm', 'tdb-secrets-env-not-code', 'cly-api-keys-secure', 'clvr-secrets-env'],
  doesNotProve:
    'That the repository and its history, container images and the running configuration hold none, nor that a secret looks like one: a weak password in running text goes unseen.',
  runbook: 'replace-leaked-secret',
  parameters: {},
  messages: {
    writtenOut: {
      violation: '{name} ({type}) has a secret written out in {property}',
      fix: 'let the service manage it, or refer to Secrets Manager with a dynamic reference; then replace the secret',
    },
    shownParameter: {
      violation: '{name} ({type}) takes the secret in {property} from the parameter {parameter}, which shows it',
      fix: 'give the parameter NoEcho and no default, or better a dynamic reference to Secrets Manager',
    },
    plainText: {
      violation: '{name} ({type}) holds a secret as plain text in {property}: {how}',
      fix: 'hand over the ARN of the secret and fetch it at run time, or use the secrets of a container',
    },
    inTemplate: {
      violation: '{name} holds what looks like {kind}: {masked}',
      fix: 'move it to Secrets Manager and replace it: it counts as known to others',
    },
    defaultSecret: {
      violation: 'parameter {name} holds a secret as its default',
      fix: 'remove the default and replace the secret',
    },
    output: {
      violation: 'output {name} shows a secret: {how}',
      fix: 'output the ARN of the secret instead',
    },
    inFile: {
      violation: 'file {name} of the assembly holds what looks like {kind}: {masked}',
      fix: 'remove it from what is published and replace the secret',
    },
  },
  template: {
    judges: [...judged],
    expects: 'any-number',
    judge: (subject) => [
      satisfied,
      ...judgeSecretProperties(subject),
      ...judgePlainPlaces(subject),
      ...judgeText(subject),
    ],
    *judgeWhole({ scope }) {
      for (const template of scope.graph.templates) {
        yield* judgeTemplateText(template, judged);
      }
      for (const file of scope.graph.files) {
        yield judgeFile(file);
      }
    },
  },
});

function judgeText({ definition }: Subject): readonly Outcome[] {
  return secretsIn(definition.properties).map(({ kind, masked }) => finding('inTemplate', undefined, { kind, masked }));
}
