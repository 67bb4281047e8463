import type { JudgementContext } from '../../../lib/control/control';
import { decide } from '../../../lib/control/decide';
import { finding, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Node } from '../../../lib/template/node';
import type { Subject } from '../../../lib/template/subject';

const reading = ['GET', 'HEAD', 'OPTIONS'];

/**
 * Policies of AWS that make no cookie and no credential part of what is cached.
 *
 * Source: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html
 */
const managedPolicies = [
  '658327ea-f89d-4fab-a63d-7e88639e58f6',
  'b2884449-e4de-46a7-ac36-70bc7f1ddd6d',
  '4135ea2d-6df8-44a3-9df3-4b5a84be39ad',
];

/** Whether a distribution delivers files that are public anyway, and nothing else. */
export function judgeStaticDelivery(distribution: Subject, context: JudgementContext): readonly Outcome[] {
  const config = distribution.at('DistributionConfig');
  const others = config.at('CacheBehaviors').items();
  const behaviours = [config.at('DefaultCacheBehavior'), ...(others.kind === 'known' ? others.value : [])];
  return [
    ...decide(config.at('Origins').items(), {
      known: (origins) => origins.flatMap(judgeOrigin),
      absent: () => notAssessed('it has no origin'),
    }),
    ...(others.kind === 'unresolved' ? [notAssessed(others.reason, others.property)] : []),
    ...behaviours.flatMap(judgeBehaviour),
    ...judgeLog(config.at('Logging.Bucket'), context),
  ];
}

function judgeOrigin(origin: Node): readonly Outcome[] {
  return decide(origin.at('S3OriginConfig').entries(), {
    known: () => judgeSignature(origin.at('OriginAccessControlId')),
    absent: () => finding('dynamicOrigin', origin.path),
  });
}

function judgeSignature(control: Node): readonly Outcome[] {
  if (control.resolved.kind !== 'reference') {
    return decide(control.pattern(), {
      known: () => notAssessed('how requests to the bucket are signed is not in the templates'),
      absent: () => finding('unsignedOrigin'),
    });
  }
  return decide(control.reference(), {
    known: ({ subject }) =>
      decide(subject.text('OriginAccessControlConfig.SigningBehavior'), {
        known: (behaviour) => (behaviour === 'always' ? satisfied : finding('unsignedOrigin', control.path)),
        absent: () => finding('unsignedOrigin', control.path),
      }),
    absent: () => finding('unsignedOrigin'),
  });
}

function judgeBehaviour(behaviour: Node): readonly Outcome[] {
  return [
    ...decide(behaviour.at('ViewerProtocolPolicy').text(), {
      known: (policy) => (/^(redirect-to-https|https-only)$/.test(policy) ? satisfied : finding('plainViewers')),
      absent: () => finding('plainViewers'),
    }),
    // GET and HEAD: https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_AllowedMethods.html
    ...decide(behaviour.at('AllowedMethods').items(), {
      known: (methods) =>
        methods.flatMap((method) =>
          decide(method.text(), {
            known: (word) => (reading.includes(word) ? satisfied : finding('writes', undefined, { method: word })),
            absent: () => satisfied,
          }),
        ),
      absent: () => satisfied,
    }),
    ...judgeCache(behaviour.at('CachePolicyId')),
  ];
}

function judgeCache(id: Node): readonly Outcome[] {
  if (id.resolved.kind !== 'reference') {
    return decide(id.pattern(), {
      known: (policy) =>
        managedPolicies.includes(policy) ? satisfied : notAssessed('what is cached under is not in the templates'),
      absent: () => notAssessed('what is cached under is said the older way, which is not read'),
    });
  }
  return decide(id.reference(), {
    known: ({ subject: policy }) => {
      const place = policy.at('CachePolicyConfig.ParametersInCacheKeyAndForwardedToOrigin');
      return [
        ...decide(place.at('CookiesConfig.CookieBehavior').text(), {
          known: (behaviour) => (behaviour === 'none' ? satisfied : finding('personalCache', id.path)),
          absent: () => notAssessed('which cookies are cached under is not said', id.path),
        }),
        ...judgeHeaders(place.at('HeadersConfig'), id.path),
      ];
    },
    absent: () => notAssessed('what is cached under is not in the templates'),
  });
}

function judgeHeaders(config: Node, property: string): readonly Outcome[] {
  return decide(config.at('HeaderBehavior').text(), {
    known: (behaviour) =>
      behaviour === 'none'
        ? satisfied
        : decide(config.at('Headers').items(), {
            known: (headers) =>
              headers.flatMap((header) =>
                decide(header.text(), {
                  known: (name) =>
                    /^(authorization|cookie)$/i.test(name) ? finding('personalCache', property) : satisfied,
                  absent: () => satisfied,
                }),
              ),
            absent: () => notAssessed('which headers are cached under is not said', property),
          }),
    absent: () => notAssessed('which headers are cached under is not said', property),
  });
}

/** Logs hold the addresses of visitors: they belong in a bucket of a promised Region. */
function judgeLog(bucket: Node, { figures }: JudgementContext): readonly Outcome[] {
  if (bucket.resolved.kind !== 'reference') {
    return decide(bucket.pattern(), {
      known: () => notAssessed('in which Region its log lies is not in the templates'),
      absent: () => finding('unlogged'),
    });
  }
  return decide(bucket.reference(), {
    known: ({ subject }) => {
      const { region } = subject.template.origin;
      return region === undefined
        ? notAssessed('in which Region its log lies is not in the templates')
        : figures.set('residency.regions').includes(region)
          ? satisfied
          : finding('logAbroad', undefined, { region });
    },
    absent: () => finding('unlogged'),
  });
}
