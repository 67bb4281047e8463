import { defineControl, type JudgementContext } from '../../../lib/control/control';
import { finding, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Subject } from '../../../lib/template/subject';
import { edgeMode, residencyRegions } from '../parameters';
import { judgeCopies } from './copies';
import { type Mention, mentionsIn } from './region-names';
import { judgeWorldwide } from './worldwide';

/** RES-02: nothing that is deployed sends data, keys or requests beyond the promised Regions. */
export const control = defineControl({
  id: 'res-02',
  title: 'No copy, replica, endpoint or worldwide service takes data out of the promised Regions',
  family: 'residency',
  claims: ['cfeu-db-frankfurt', 'cfeu-files-eu-regions', 'cfeu-cdn-global', 'cfeu-kvkk', 'clvr-no-data-leaves-eea'],
  doesNotProve:
    'Where vendors process what they are sent (tpr-01), what code does with addresses it composes itself, copies that a person makes or shares, and the names and settings that global services such as IAM, Route 53 and Organizations keep everywhere.',
  runbook: 'bring-copy-back',
  parameters: { 'residency.regions': residencyRegions, 'edge.mode': edgeMode },
  messages: {
    copyLeaves: {
      violation: '{name} sends a copy to {region} ({property}), promised are {promised}',
      fix: 'remove the copy, or send it to a promised Region',
    },
    foreignRegion: {
      violation: '{name} names the Region {region} in {property}, promised are {promised}',
      fix: 'use the resource of a promised Region; where it is that of the stack itself, take the Region from the stack',
    },
    foreignModel: {
      violation:
        '{name} calls a model through the inference profile {model} in {property}, which answers from Regions that are not promised',
      fix: 'call the model itself, in the Region of the stack, or a profile that stays inside the promised Regions',
    },
    worldwide: {
      violation: '{name} answers all over the world ({kind})',
      fix: 'serve from a load balancer with a REGIONAL web access list in the Region of the stack',
    },
    edgeCode: {
      violation: '{name} runs code wherever the viewer is: {property}',
      fix: 'run the code in the Region of the stack, behind the load balancer',
    },
    accelerated: {
      violation: 'bucket {name} takes uploads in at edges all over the world: {property} is {value}',
      fix: 'remove the transfer acceleration',
    },
    globalDatabase: {
      violation: '{name} belongs to a global database, whose copies may lie in any Region',
      fix: 'use a cluster of one Region, with readers in its other availability zones',
    },
    multiRegionKey: {
      violation: 'key {name} may be copied to any Region: {property} is {value}',
      fix: 'use a key of one Region',
    },
    shared: {
      violation: '{name} hands copies to {account} ({property}), which may take them anywhere',
      fix: 'share with no other account; copy into a vault of a promised Region instead',
    },
  },
  template: {
    judges: ['*'],
    expects: 'any-number',
    judge: (subject, context) => [
      satisfied,
      ...withMentions(subject, context, [
        ...judgeCopies(subject, context.scope, context.figures.set('residency.regions')),
        ...judgeWorldwide(subject, context),
      ]),
    ],
  },
});

/** Types whose texts send nothing anywhere: guard-rails that compare with Regions, and CDK's own note. */
const idleTypes = ['AWS::Organizations::Policy', 'AWS::CDK::Metadata'];

/** Adds what any other property says; a property that is judged already is not found twice. */
function withMentions(subject: Subject, context: JudgementContext, judged: readonly Outcome[]): readonly Outcome[] {
  if (idleTypes.includes(subject.type)) {
    return judged;
  }
  const promised = context.figures.set('residency.regions');
  const properties = new Set(judged.map((outcome) => ('property' in outcome ? outcome.property : undefined)));
  const mentions = mentionsIn(subject, promised).filter(
    (mention) => !properties.has(mention.path) && !isOfEdge(subject, mention, context),
  );
  return [
    ...judged,
    ...mentions.map(({ kind, path, name }) =>
      kind === 'model'
        ? finding('foreignModel', path, { model: name })
        : finding('foreignRegion', path, { region: name, promised: promised.join(', ') }),
    ),
  ];
}

/** CloudFront takes its certificate and its web access list from us-east-1 and nowhere else; they hold no data of customers. */
function isOfEdge({ type }: Subject, { path, name }: Mention, { figures }: JudgementContext): boolean {
  return (
    figures.choice('edge.mode') === 'cdn' &&
    type === 'AWS::CloudFront::Distribution' &&
    name === 'us-east-1' &&
    /\.(AcmCertificateArn|WebACLId)$/.test(path)
  );
}
