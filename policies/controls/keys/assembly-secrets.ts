import { basename } from 'node:path';
import type { WholeOutcome } from '../../../lib/control/control';
import { findSecrets } from '../../../lib/control/secret-patterns';
import { finding, notApplicable, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { AssemblyFile } from '../../../lib/template/graph';

/** Bytes up to which a file is read whole; the tree of a large app has some tens of megabytes. */
const largest = 64 * 1024 * 1024;

/** Pictures, fonts and compiled code: no place where anybody keeps a secret by mistake. */
const media = /\.(png|jpe?g|gif|webp|ico|svgz|woff2?|ttf|otf|eot|mp[34]|wasm|pdf)$/i;

/** Judges a file of the assembly that is no template: an asset, the manifest, the context. */
export function judgeFile(file: AssemblyFile): WholeOutcome {
  return {
    target: file.path,
    subject: basename(file.path),
    type: 'File',
    outcome: judgeContent(file),
    observations: [{ property: 'bytes', value: file.size }],
  };
}

function judgeContent(file: AssemblyFile): Outcome {
  if (media.test(file.path)) {
    return notApplicable('pictures, fonts and compiled code hold no text to look at');
  }
  if (file.size > largest) {
    return notAssessed(`the file has ${file.size} bytes, more than the ${largest} that are looked at`);
  }
  const bytes = file.read();
  if (bytes.subarray(0, 8192).includes(0)) {
    return notAssessed('the file is no text, and nobody has looked inside: scan it where it is made');
  }
  // One character for each byte: every pattern is ASCII, and no file is invalid.
  const [secret] = findSecrets(bytes.toString('latin1'));
  return secret ? finding('inFile', undefined, { kind: secret.kind, masked: secret.masked }) : satisfied;
}
