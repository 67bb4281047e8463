import type { Regime } from '../lib/control/regime';
import type { Policies } from './policies';

type Cell = (text: string) => string;

/** Which laws the documents speak of, which of their sections controls bear on, and what none of them measures. */
export function regimeMap({ records }: Pick<Policies, 'records'>, cell: Cell): string {
  return [
    '# Which laws are spoken of',
    '',
    'From [regimes.yaml](regimes.yaml). A control in a row bears on the section; it does not show that the section, or the law, is met. That is for a',
    'person with legal knowledge to conclude and sign, by the runbooks named here. A control counts only in profiles that bind it.',
    '',
    ...records.regimes.flatMap((regime) => section(regime, cell)),
  ].join('\n');
}

function section({ id, law, authority, claims, runbooks, profiles, measures, notMeasured }: Regime, cell: Cell) {
  return [
    `## ${id}: ${law}`,
    '',
    `- Authority: ${authority}`,
    `- Claims that speak of it: ${claims.join(', ')}; under profile ${profiles.join(', ')}`,
    `- Reviewed and signed by: ${runbooks.map((slug) => `[${slug}](../../runbooks/${slug}.md)`).join(', ')}`,
    '',
    '| section | controls | because |',
    '| --- | --- | --- |',
    ...measures.map(({ section: place, controls, because }) => {
      const links = controls.map((control) => `[${control}](../controls/README.md#${control})`);
      return `| ${cell(place)} | ${links.join(', ')} | ${cell(because)} |`;
    }),
    '',
    '**Not measured:**',
    '',
    ...notMeasured.map((sentence) => `- ${sentence}`),
    '',
  ];
}
