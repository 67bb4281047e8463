import type { Claim, Register } from '../../lib/control/claim';
import type { ClaimEvidence, ControlEvidence, Evidence, SubjectEvidence } from '../../lib/control/evidence';
import { buildEvidence, type RunResults } from '../../lib/evidence/build-evidence';
import type { Catalogue, ControlEntry } from '../../lib/evidence/catalogue';

/** Evidence with the catalogue that explains it. */
export interface Example {
  readonly evidence: Evidence;
  readonly catalogue: Catalogue;
}

export function aClaim(id: string, changes: Partial<Claim> = {}): Claim {
  return {
    id,
    document: 'acme',
    section: 'Audit logging',
    lines: [12],
    statement: 'Audit logs are kept for 24 months.',
    kind: 'infrastructure',
    enforceability: 'enforced',
    planned: false,
    figures: [{ parameter: 'audit.retentionDays', value: 731, bound: 'at_least' }],
    controls: ['log-04'],
    ...changes,
  };
}

export function aRegister(claims: readonly Claim[], changes: Partial<Register> = {}): Register {
  return {
    document: 'acme',
    title: 'Acme security whitepaper',
    source: { file: 'acme-security.pdf.txt', sha256: 'ab'.repeat(32), fingerprints: {}, nonClaimLines: [] },
    claims,
    ...changes,
  };
}

export function anEntry(id: string, changes: Partial<ControlEntry> = {}): ControlEntry {
  return {
    id,
    title: 'Audit logs are locked and kept as long as promised',
    family: 'logging-and-audit',
    claims: ['acme-log-retention'],
    doesNotProve: 'That every event was logged, or that anybody reads the logs.',
    runbook: 'review-audit-log',
    messages: { short: { violation: '{name} keeps logs for {value} days', fix: 'raise the default retention' } },
    parameters: {
      'audit.retentionDays': {
        kind: 'number',
        stricter: 'higher',
        default: 365,
        unit: 'days',
        description: 'How long audit logs stay',
      },
    },
    frameworks: [{ framework: 'ISO 27001:2022', clause: 'A.8.15', because: 'logs are kept and protected' }],
    ...changes,
  };
}

export function aSubject(logicalId: string, changes: Partial<SubjectEvidence> = {}): SubjectEvidence {
  return {
    target: 'cdk.out/Audit.template.json',
    logicalId,
    type: 'AWS::S3::Bucket',
    constructPath: `Production/Audit/${logicalId}/Resource`,
    source: 'lib/constructs/log-archive.ts:42',
    verdict: 'satisfied',
    observations: [
      { property: 'ObjectLockConfiguration.Rule.DefaultRetention.Days', value: 731 },
      { property: 'ObjectLockConfiguration.Rule.DefaultRetention.Mode', value: 'COMPLIANCE' },
    ],
    ...changes,
  };
}

export function aFinding(logicalId: string, changes: Partial<SubjectEvidence> = {}): SubjectEvidence {
  return aSubject(logicalId, {
    verdict: 'not-satisfied',
    message: `bucket ${logicalId} keeps logs for 90 days, less than the 731 promised`,
    fix: 'set the default retention to 731 days or more',
    observations: [{ property: 'ObjectLockConfiguration.Rule.DefaultRetention.Days', value: 90 }],
    ...changes,
  });
}

export function aControl(id: string, changes: Partial<ControlEvidence> = {}): ControlEvidence {
  return {
    id,
    title: 'Audit logs are locked and kept as long as promised',
    verdict: 'satisfied',
    parameters: { 'audit.retentionDays': 731 },
    subjects: [aSubject('Archive')],
    ...changes,
  };
}

export function aVerdictOn(id: string, changes: Partial<ClaimEvidence> = {}): ClaimEvidence {
  return { id, document: 'acme', status: 'kept', controls: ['log-04'], reasons: [], ...changes };
}

export function aRun(changes: Partial<RunResults> = {}): RunResults {
  return {
    version: '0.1.0',
    root: '/home/jane/acme',
    run: {
      kind: 'check',
      profile: 'acme',
      environment: 'production',
      startedAt: '2026-11-20T17:40:06.123Z',
      commit: '7a7ebaa1c2d3e4f5061728394a5b6c7d8e9f0a1b',
    },
    targets: [{ path: 'cdk.out/Audit.template.json', sha256: 'cd'.repeat(32), stack: 'Audit', region: 'eu-central-1' }],
    claims: [aVerdictOn('acme-log-retention')],
    controls: [aControl('log-04')],
    opinions: [{ tool: 'cdk-nag', version: '3.0.2', state: 'ran', findings: [] }],
    exceptions: [],
    ...changes,
  };
}

export function aCatalogue(changes: Partial<Catalogue> = {}): Catalogue {
  return {
    registers: [aRegister([aClaim('acme-log-retention')])],
    controls: [anEntry('log-04')],
    profile: { name: 'acme', title: 'Acme', documents: ['acme'], resolutions: [], tightens: [] },
    figures: [{ parameter: 'audit.retentionDays', value: 731, floor: 731, claims: ['acme-log-retention'] }],
    ...changes,
  };
}

/** One promise, kept. */
export function keptExample(): Example {
  return { evidence: buildEvidence(aRun()), catalogue: aCatalogue() };
}

/** One promise, broken by one finding. */
export function brokenExample(changes: Partial<SubjectEvidence> = {}): Example {
  const finding = aFinding('Archive', changes);
  return {
    evidence: buildEvidence(
      aRun({
        claims: [aVerdictOn('acme-log-retention', { status: 'broken', reasons: ['log-04 is not satisfied'] })],
        controls: [aControl('log-04', { verdict: 'not-satisfied', subjects: [finding, aSubject('Trail')] })],
      }),
    ),
    catalogue: aCatalogue(),
  };
}
