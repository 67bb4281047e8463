import { type ProcessingRecord, recordsUnder } from '../lib/control/processing';
import type { Policies } from './policies';

type Cell = (text: string) => string;

/** The records of processing as an authority or an auditor reads them (Art. 30(4) GDPR), for each profile, with the periods of the schedule. */
export function processingPage({ profiles, records }: Pick<Policies, 'profiles' | 'records'>, cell: Cell): string {
  const { processing } = records;
  if (!processing) {
    return '# Records of processing\n\nNobody keeps any.\n';
  }
  const { controller, reviewed, impersonal } = processing;
  return [
    '# Records of processing',
    '',
    `Art. 30 GDPR, from [processing.yaml](processing.yaml), last gone through on ${reviewed}. Periods are those of [retention.yaml](retention.yaml),`,
    'companies those of [vendors.yaml](vendors.yaml), and what protects the data is measured by the controls named: `prv-01` holds all of it against',
    'what is deployed. [`runbooks/review-processing-records.md`](../../runbooks/review-processing-records.md) says how it is reviewed.',
    '',
    `- Company: ${controller.name}, ${controller.contact}`,
    `- Data protection officer: ${controller.officer}`,
    '',
    ...[...profiles.values()].flatMap(({ name, title }) => [
      `## ${name}: ${title}`,
      '',
      ...recordsUnder(processing, name).flatMap((record) => section(record, records, cell)),
    ]),
    '## Stores that hold nothing about anybody',
    '',
    ...(impersonal.length === 0
      ? ['None: every rule of the schedule is in a record.']
      : impersonal.map(({ retention, because }) => `- ${retention}: ${because}`)),
    '',
  ].join('\n');
}

function section(record: ProcessingRecord, { vendors, retention }: Policies['records'], cell: Cell): string[] {
  const companies = record.recipients.map((id) => vendors.find((vendor) => vendor.id === id));
  const rules = record.retention.flatMap((id) => retention.filter((rule) => rule.id === id));
  const rows = {
    'done as': `${record.role}, on ${record.basis}`,
    people: record.subjects.join(', '),
    data: record.data.join(', '),
    recipients:
      companies.flatMap((vendor) => (vendor ? [`${vendor.name} (${vendor.country})`] : [])).join(', ') || 'none',
    'transfers outside the EEA':
      record.transfers.map(({ recipient, by, reference }) => `${recipient}: ${by}, ${reference}`).join('; ') || 'none',
    'kept where, and for how long': rules
      .map((rule) => `${rule.what}: ${period(rule.keep)}, then ${rule.then}`)
      .join('; '),
    'protected by': record.measures.map((id) => `[${id}](../controls/README.md#${id})`).join(', '),
  };
  return [
    `**${record.id}: ${record.purpose}**`,
    '',
    '| | |',
    '| --- | --- |',
    ...Object.entries(rows).map(([name, text]) => `| ${name} | ${cell(text)} |`),
    '',
  ];
}

function period(keep: Policies['records']['retention'][number]['keep']): string {
  if (keep === 'while-active') {
    return 'as long as the account is in use';
  }
  return 'days' in keep ? `${keep.days} days` : `days of the figure \`${keep.figure}\``;
}
