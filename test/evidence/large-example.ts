import type { Claim } from '../../lib/control/claim';
import type { ClaimEvidence, ClaimStatus, ControlEvidence } from '../../lib/control/evidence';
import { worstVerdict } from '../../lib/control/verdict';
import { buildEvidence } from '../../lib/evidence/build-evidence';
import type { ControlEntry } from '../../lib/evidence/catalogue';
import { aClaim, anEntry, aRegister, aRun, type Example } from './fixtures';
import { idOf, subjects, topicOf } from './large-subjects';

const families = ['network', 'encryption', 'identity', 'logging-and-audit', 'backup-and-recovery'];
const documents = ['acme', 'borealis', 'cinder', 'delta', 'ember'];
const sections = ['Executive summary', 'Encryption', 'Access control', 'Monitoring', 'Backups', 'Legal'];

function statusOf(index: number, control: ControlEvidence): ClaimStatus {
  if (control.verdict === 'not-satisfied') return index < 20 ? 'broken' : 'excepted';
  if (control.verdict === 'not-assessed' || index % 19 === 0) return 'unproven';
  if (index % 44 === 1) return 'planned';
  if (index % 13 === 2) return 'attested';
  return index % 3 === 0 ? 'awaiting' : 'kept';
}

const reasons: Readonly<Record<ClaimStatus, string>> = {
  broken: 'a control is not satisfied',
  unproven: 'no control measures this yet',
  excepted: 'exception legacy-backup-plan excuses its only finding until 2027-01-31',
  awaiting: 'the template half holds; the live half needs avouch verify',
  attested: 'attested by the security officer on 2026-09-01, valid until 2027-09-01',
  kept: '',
  planned: 'the document announces it',
};

/** A run of the size that five whitepapers make: 266 promises, 25 controls, 300 subjects with ten values each. */
export function largeExample(): Example {
  const controls = Array.from({ length: 25 }, (_, index): ControlEvidence => {
    const judged = subjects(index);
    return {
      id: idOf(index),
      title: `${topicOf(index)[0].replace(/\.$/, '')} (part ${Math.floor(index / 5) + 1})`,
      verdict: worstVerdict(judged.map(({ verdict }) => verdict)),
      parameters: { [`figure.days${index}`]: 30 + index },
      subjects: judged,
    };
  });
  const claims: { claim: Claim; found: ClaimEvidence }[] = [];
  for (let index = 0; index < 266; index += 1) {
    const control = controls[index % 25];
    if (control === undefined) continue;
    const document = documents[Math.floor(index / 54)] ?? 'acme';
    const status = statusOf(index, control);
    const id = `${document}-promise-${String(index).padStart(3, '0')}`;
    claims.push({
      claim: aClaim(id, {
        document,
        section: sections[index % sections.length],
        statement: topicOf(index)[0],
        planned: status === 'planned',
        figures: [{ parameter: `figure.days${index % 25}`, value: 25 + (index % 25), bound: 'at_least' }],
        controls: [control.id],
        ...(index % 17 === 0 ? { runbook: 'restore-database' } : {}),
        ...(index % 23 === 0
          ? {
              equivalent: {
                delivered: 'a hash that the identity service chooses and does not name',
                publish: 'Passwords are stored as salted hashes by our identity provider.',
              },
            }
          : {}),
        ...(index % 29 === 0 ? { conflict: 'Another document allows TLS 1.2; this one is stricter.' } : {}),
      }),
      found: { id, document, status, controls: [control.id], reasons: reasons[status] === '' ? [] : [reasons[status]] },
    });
  }
  const entries = controls.map(
    (control, index): ControlEntry =>
      anEntry(control.id, {
        title: control.title,
        family: families[index % 5],
        claims: claims.filter(({ found }) => found.controls.includes(control.id)).map(({ found }) => found.id),
        parameters: {
          [`figure.days${index}`]: {
            kind: 'number',
            stricter: 'higher',
            default: 7,
            unit: 'days',
            description: 'How long it is kept',
          },
        },
      }),
  );
  return {
    evidence: buildEvidence(
      aRun({
        run: { ...aRun().run, profile: 'strictest' },
        targets: ['Audit', 'Backup', 'Data', 'Edge', 'Network'].map((stack, index) => ({
          path: `cdk.out/assembly-Production/Production${stack}.template.json`,
          sha256: String(index).repeat(64),
          stack: `Production-${stack}`,
          account: '111122223333',
          region: 'eu-central-1',
        })),
        claims: claims.map(({ found }) => found),
        controls,
        opinions: [
          {
            tool: 'cdk-nag',
            version: '3.0.2',
            state: 'ran',
            findings: [
              {
                rule: 'AwsSolutions::AwsSolutions-IAM5[Action::s3:*]',
                description: 'The policy allows every action on the bucket.',
                constructPath: 'Production/Backup/Role/DefaultPolicy',
                source: 'lib/constructs/backup-plan.ts:61',
                exception: 'legacy-backup-plan',
              },
              {
                rule: 'NIST.800.53.R5::RDSInBackupPlan',
                description: 'The cluster is in no backup plan.',
                constructPath: 'Production/Data/Cluster',
                source: 'lib/constructs/tenant-database.ts:88',
              },
            ],
          },
          { tool: 'CloudFormation validation', state: 'not-run', findings: [] },
        ],
        exceptions: [
          {
            id: 'legacy-backup-plan',
            used: true,
            expires: '2027-01-31',
            state: 'live',
            reason: 'The old plan is kept until its last recovery point is gone.',
            owner: 'platform team',
            approver: 'security officer',
            claims: claims.filter(({ found }) => found.status === 'excepted').map(({ found }) => found.id),
          },
          {
            id: 'old-load-balancer',
            used: false,
            expires: '2026-03-31',
            state: 'expired',
            reason: 'A customer could not speak TLS 1.3.',
            owner: 'edge team',
            approver: 'security officer',
            claims: ['acme-promise-001'],
          },
        ],
      }),
    ),
    catalogue: {
      registers: documents.map((document) =>
        aRegister(
          claims.filter(({ claim }) => claim.document === document).map(({ claim }) => claim),
          {
            document,
            title: `${document.charAt(0).toUpperCase()}${document.slice(1)} security whitepaper`,
          },
        ),
      ),
      controls: entries,
      profile: {
        name: 'strictest',
        title: 'All five documents at once',
        documents,
        resolutions: [
          {
            parameter: 'figure.days3',
            yields: ['acme-promise-003'],
            value: 33,
            because: 'A shorter ceiling in one document would delete what another must keep.',
            publish: 'Backups are kept for 33 days.',
          },
        ],
        tightens: [{ parameter: 'figure.days4', value: 34, because: 'The restore test needs four more days.' }],
      },
      figures: controls.map((_, index) => ({
        parameter: `figure.days${index}`,
        value: 30 + index,
        claims: index % 6 === 5 ? [] : claims.slice(index, index + 1).map(({ claim }) => claim.id),
      })),
    },
  };
}
