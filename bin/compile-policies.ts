import { InputError } from '../lib/control/input-error';
import type { PolicyFolder, PolicyKinds } from '../lib/control/policy-parsers';
import { loadPolicies, packageRoot, parsePolicy, policyTexts } from './policies';
import { readPolicyCache, writePolicyCache } from './policy-cache';

/**
 * Reads every file of `policies` anew and writes `dist/policies.json`, the last step of a build.
 *
 * @returns path of the file written
 * @throws InputError where a file is wrong: nothing is written then
 */
export function compilePolicies(root: string = packageRoot()): string {
  const entries = {
    claims: compileFolder(root, 'claims'),
    profiles: compileFolder(root, 'profiles'),
    exceptions: compileFolder(root, 'exceptions'),
    registers: compileFolder(root, 'registers'),
  };
  loadPolicies(root, { ...readPolicyCache(root), entries });
  return writePolicyCache(root, entries);
}

function compileFolder<K extends PolicyFolder>(
  root: string,
  folder: K,
): Record<string, { sha256: string; value: PolicyKinds[K] }> {
  return Object.fromEntries(
    policyTexts(root, folder).map((file) => [file.name, { sha256: file.sha256, value: parsePolicy(folder, file) }]),
  );
}

if (require.main === module) {
  try {
    compilePolicies();
  } catch (error) {
    if (!(error instanceof InputError)) {
      throw error;
    }
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 3;
  }
}
