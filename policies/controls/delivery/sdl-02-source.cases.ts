import type { SourceReview } from '../../../lib/control/assurance';
import type { RegisterCase } from '../../../lib/control/cases';
import type { Register } from '../../../lib/control/claim';

const register: Register = {
  document: 'doc',
  title: 'A document',
  source: { file: 'doc.txt', sha256: '0'.repeat(64), fingerprints: {}, nonClaimLines: [] },
  claims: [
    {
      id: 'doc-reviewed',
      document: 'doc',
      section: 'Product security',
      lines: [1],
      statement: 'Changes are reviewed.',
      kind: 'procedure',
      enforceability: 'verified',
      planned: false,
      figures: [],
      controls: ['sdl-02'],
      runbook: 'review-access',
    },
  ],
};

const review: SourceReview = {
  repository: 'example/app',
  by: 'security lead',
  looked: '2026-11-01',
  visibility: 'private',
  secondFactorRequired: true,
  requiredReviews: 1,
  unentitledPeople: 0,
  evidence: { reference: 'review-access/2026-11-01/', sha256: '0'.repeat(64) },
};

function given(
  expect: RegisterCase['expect'],
  ...sourceReviews: readonly SourceReview[]
): Pick<RegisterCase, 'registers' | 'records' | 'expect'> {
  return { registers: [register], records: { sourceReviews }, expect };
}

const broken = (message: string, changes: Partial<SourceReview>) =>
  given({ 'example/app': { message } }, { ...review, ...changes });

export const sourceCases: readonly RegisterCase[] = [
  {
    name: 'nobody has looked at the repository yet: no pass',
    ...given({ 'the source repository': 'not-assessed' }),
  },
  { name: 'somebody looked, and it is as promised', ...given({ 'example/app': 'satisfied' }, review) },
  {
    name: 'a look counts for a quarter, the last day included',
    ...given({ 'example/app': 'satisfied' }, review),
    today: '2027-02-01',
  },
  {
    name: 'each repository is looked at for itself, and more reviews are welcome',
    ...given(
      { 'example/app': 'satisfied', 'example/other': { message: 'visible' } },
      { ...review, requiredReviews: 2 },
      { ...review, repository: 'example/other', visibility: 'public' },
    ),
  },
  { name: 'fails the day after a quarter', ...broken('oldLook', {}), today: '2027-02-02' },
  { name: 'fails when the day is still to come', ...broken('lookAhead', { looked: '2026-12-02' }) },
  { name: 'fails when the whole company can see it', ...broken('visible', { visibility: 'internal' }) },
  { name: 'fails when people have access who should not', ...broken('unentitled', { unentitledPeople: 2 }) },
  { name: 'fails when a second factor is a choice', ...broken('oneFactor', { secondFactorRequired: false }) },
  { name: 'fails when a change is merged unseen', ...broken('unreviewed', { requiredReviews: 0 }) },
  {
    name: 'fails when fewer people review than promised',
    ...broken('unreviewed', { requiredReviews: 1 }),
    figures: { 'scm.requiredReviews': 2 },
  },
];
