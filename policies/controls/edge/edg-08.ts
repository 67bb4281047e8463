import { defineControl, type JudgementContext, type WholeOutcome } from '../../../lib/control/control';
import { finding, notApplicable, notAssessed } from '../../../lib/control/verdict';
import { edgeMode, residencyRegions } from '../parameters';
import { judgeStaticDelivery } from './static-delivery';
import { edgeFamilies, edgeTypes, judgeWorldwideEdge } from './worldwide-edges';

/** EDG-08: what a worldwide delivery network is used for, if at all. */
export const control = defineControl({
  id: 'edg-08',
  title:
    'A worldwide delivery network serves static files only, and nothing at all where the service stays in its Region',
  family: 'edge',
  claims: ['cfeu-cdn-global', 'clvr-no-data-leaves-eea'],
  doesNotProve:
    'That the files in the bucket hold nothing about anybody, where a distribution that was made by hand delivers from, and which country each edge answers in: no price class of CloudFront is European.',
  parameters: { 'edge.mode': edgeMode, 'residency.regions': residencyRegions },
  messages: {
    worldwide: {
      violation: '{name} answers at edges all over the world, but the service stays in its Region ({kind})',
      fix: 'serve from a load balancer, a REGIONAL API or a REGIONAL web ACL in the Region of the stack',
    },
    absent: {
      violation: 'no worldwide delivery network is deployed, which the profile promises',
      fix: 'deliver the static files through a CloudFront distribution, or bind a profile whose edge.mode is regional',
    },
    dynamicOrigin: {
      violation: '{name} delivers from {property}, which is no bucket',
      fix: 'deliver files from an S3 bucket only, and reach the application in its Region',
    },
    unsignedOrigin: {
      violation: '{name} does not sign its requests to the bucket: {property} is {value}',
      fix: 'give the origin an origin access control with the signing behaviour always',
    },
    plainViewers: {
      violation: '{name} answers over plain HTTP: {property} is {value}',
      fix: 'set viewerProtocolPolicy to redirect-to-https or https-only',
    },
    writes: {
      violation: '{name} takes {method} requests, which carry data of visitors through its edges',
      fix: 'allow GET, HEAD and OPTIONS only',
    },
    personalCache: {
      violation: '{name} caches what belongs to one visitor: the policy in {property} counts cookies or credentials',
      fix: 'use a cache policy without cookies and without the Authorization header',
    },
    unlogged: {
      violation: '{name} writes no log',
      fix: 'log to a bucket in the Region of the stack',
    },
    logAbroad: {
      violation: '{name} writes the addresses of its visitors to a bucket in {region}, which is not promised',
      fix: 'log to a bucket of a promised Region',
    },
  },
  template: {
    judges: edgeTypes,
    expects: 'any-number',
    judge: (subject, context) => {
      if (context.figures.choice('edge.mode') === 'regional') {
        return judgeWorldwideEdge(subject);
      }
      return subject.type === 'AWS::CloudFront::Distribution'
        ? judgeStaticDelivery(subject, context)
        : notApplicable('the profile allows a worldwide delivery network');
    },
    judgeWhole,
  },
});

function* judgeWhole({ figures, presentOnly, scope }: JudgementContext): Generator<WholeOutcome> {
  const target = scope.graph.templates[0]?.path ?? '';
  for (const type of scope.graph.presentTypes) {
    if (edgeFamilies.test(type) && !edgeTypes.includes(type)) {
      yield { target, subject: type, type, outcome: notAssessed(`what ${type} lets go round the world is not known`) };
    }
  }
  if (
    figures.choice('edge.mode') === 'cdn' &&
    !presentOnly &&
    scope.resources('AWS::CloudFront::Distribution').length === 0
  ) {
    yield { target, subject: '', type: 'AWS::CloudFront::Distribution', outcome: finding('absent') };
  }
}
