import { defineControl } from '../../../lib/control/control';
import { decide } from '../../../lib/control/decide';
import { finding, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Scope } from '../../../lib/template/scope';
import type { Subject } from '../../../lib/template/subject';
import { patchCriticalHours, patchDays } from './deadlines';
import { liveHalf } from './sdl-03.live';

/** SDL-03: what is taken from outside. Most of it happens where code is reviewed, which neither a template nor an account shows. */
export const control = defineControl({
  id: 'sdl-03',
  title:
    'Images are scanned for libraries with known flaws, no such flaw waits for longer than promised, and packages are looked at before they are used',
  family: 'delivery',
  claims: ['tdb-deps-current', 'tdb-advisories-monitored', 'clvr-package-vetting', 'clvr-dep-vuln-monitor'],
  doesNotProve:
    'That libraries without a known flaw are new, that somebody looked at a package before it was used, and that what is scanned once is scanned again (det-04). Amazon Inspector knows libraries by the lists that they leave in an image or a function: what is bundled without one it does not see.',
  attested: true,
  runbook: 'update-dependencies',
  parameters: { 'patch.days': patchDays, 'patch.criticalHours': patchCriticalHours },
  messages: {
    missing: {
      violation: 'no registry for images is deployed, so nothing scans what the application is made of',
      fix: 'deploy the registry, and run images from it',
    },
    unscanned: {
      violation: 'nobody scans the images of {name} for libraries with known flaws: {property} is {value}',
      fix: 'scan the whole registry, or set imageScanOnPush',
    },
    unvetted: {
      violation: 'anybody may take packages from outside through {name}: {property} is {value}',
      fix: 'set the restriction of externalUpstream to BLOCK, and allow packages one by one',
    },
    notScanned: {
      violation:
        'which libraries with flaws lie in {what} of account {name} nobody knows: Amazon Inspector does not look there',
      fix: 'switch on Amazon Inspector for {what} of the account',
    },
    overdue: {
      violation:
        '{severity} flaw of a library in {name} waits since {since}, promised are {most}; a newer one is there',
      fix: 'take the newer library, build and deploy anew',
    },
  },
  template: {
    judges: ['AWS::ECR::Repository', 'AWS::CodeArtifact::PackageGroup'],
    expects: 'at-least-one',
    expected: ['AWS::ECR::Repository'],
    judge: (subject, { scope }) =>
      subject.type === 'AWS::ECR::Repository' ? scanned(subject, scope) : vetted(subject),
  },
  live: liveHalf,
});

/**
 * Not scanned unless the repository or a rule of the whole registry says so. A repository that says no is found all the same: its word holds
 * again as soon as the rule goes.
 *
 * Source: https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning.html
 */
function scanned(repository: Subject, scope: Scope): readonly Outcome[] {
  return decide(repository.bool('ImageScanningConfiguration.ScanOnPush'), {
    known: (on) => (on ? satisfied : finding('unscanned')),
    absent: () =>
      scope.resources('AWS::ECR::RegistryScanningConfiguration').some(scansSomething)
        ? satisfied
        : finding('unscanned'),
  });
}

function scansSomething(registry: Subject): boolean {
  const rules = registry.items('Rules');
  return rules.kind === 'known' && rules.value.length > 0;
}

/** Everything from outside is let in unless it is blocked: https://docs.aws.amazon.com/codeartifact/latest/ug/package-group-origin-controls.html */
function vetted(group: Subject): readonly Outcome[] {
  return decide(group.text('OriginConfiguration.Restrictions.ExternalUpstream.RestrictionMode'), {
    known: (mode) => (mode === 'ALLOW' ? finding('unvetted') : satisfied),
    absent: () => finding('unvetted'),
  });
}
