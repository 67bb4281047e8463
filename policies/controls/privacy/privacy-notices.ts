import type { WholeOutcome } from '../../../lib/control/control';
import type { RegisterContext } from '../../../lib/control/records';
import { awaited, notApplicable } from '../../../lib/control/verdict';
import { judgeLook, newestFirst, publications as target } from './looks';

const type = 'PrivacyNotice';

/** Judges the newest look at the privacy notice of each address. */
export function* judgeNotices(context: RegisterContext): Generator<WholeOutcome> {
  const { privacyNotices } = context.records;
  if (privacyNotices.length === 0) {
    const reason = `no privacy notice is on record: publish it, hold it against what is done (runbook 'review-gdpr'), and enter it in ${target}`;
    yield { target, subject: 'privacy notice', type, outcome: awaited(reason) };
  }
  for (const url of new Set(privacyNotices.map((notice) => notice.url))) {
    const [newest, ...older] = newestFirst(privacyNotices.filter((notice) => notice.url === url));
    for (const outcome of newest ? judgeLook(newest.reviewed, context) : []) {
      yield { target, subject: url, type, outcome, observations: observationsOf(newest) };
    }
    for (const { version } of older) {
      yield { target, subject: `${url} ${version}`, type, outcome: notApplicable('a newer look is on record') };
    }
  }
}

function observationsOf(notice: RegisterContext['records']['privacyNotices'][number] | undefined) {
  return notice
    ? [
        { property: 'version', value: notice.version },
        { property: 'by', value: notice.by },
        { property: 'reviewed', value: notice.reviewed },
        { property: 'evidence', value: `${notice.evidence.reference} (SHA-256 ${notice.evidence.sha256})` },
      ]
    : [];
}
