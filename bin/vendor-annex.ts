import type { Vendor } from '../lib/control/vendor';
import type { Policies } from './policies';

/**
 * The annex of the data processing agreement: per profile, who is called and who of them processes data about people. It follows from the
 * register from which the firewall's hosts are made, so that the two cannot differ.
 */
export function vendorAnnex({ profiles, records }: Policies, cell: (text: string) => string): string {
  const parts = [...profiles.values()].flatMap(({ name, title }) => {
    const vendors = records.vendors.filter((vendor) => vendor.profiles.includes(name));
    return [
      `## ${name}: ${title}`,
      '',
      ...table(
        'Sub-processors',
        vendors.filter(({ role }) => role === 'sub-processor'),
        cell,
      ),
      ...table(
        'Host, and sources of public data',
        vendors.filter(({ role }) => role !== 'sub-processor'),
        cell,
      ),
    ];
  });
  return [
    '# Who is sent data',
    '',
    'For each profile, every company that may be called from inside, from [vendors.yaml](vendors.yaml). The list of sub-processors is the annex of the',
    'data processing agreement: publish it with each release, and tell customers of a change before it is deployed.',
    '[`runbooks/review-vendors.md`](../../runbooks/review-vendors.md) says how an entry is made and reviewed.',
    '',
    ...parts,
  ].join('\n');
}

function table(title: string, vendors: readonly Vendor[], cell: (text: string) => string): string[] {
  if (vendors.length === 0) {
    return [`**${title}:** none`, ''];
  }
  return [
    `**${title}**`,
    '',
    '| company | seat | purpose | data | agreement | answers itself for | hosts |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...vendors.map(({ name, country, purpose, dataCategories, dpa, answersFor, domains }) => {
      const agreement = dpa.signed ? `signed on ${dpa.date}` : 'not signed';
      const hosts = domains.map((domain) => `\`${domain}\``).join(', ');
      const columns = [name, country, purpose, dataCategories.join(', '), agreement, answersFor.join('; '), hosts];
      return `| ${columns.map(cell).join(' | ')} |`;
    }),
    '',
  ];
}
