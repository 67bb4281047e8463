import type { ApplicationSettings, DisclosureSettings, EnvironmentName, EnvironmentSettings } from './environment';

/**
 * Public images that stand in until there are images of one's own. The digests are examples: they were written down, not pulled. That of the
 * certificates is the digest of an empty file, so that nothing starts before it is replaced by the digest of a real bundle.
 */
const EXAMPLE: ApplicationSettings = {
  image:
    'docker.io/nginxinc/nginx-unprivileged@sha256:0c79d56aee561a1d81c63f00eee5fb5fe29279560cdc55e91425133104c7fbe6',
  proxyImage: 'docker.io/library/nginx@sha256:c15da6c91de8d2f436196f3a768483ad32c258ed4e1beb3d367a27ed67253e66',
  databaseCertificates: {
    path: '/etc/ssl/rds/bundle.pem',
    sha256: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  },
  healthPath: '/',
};

/** An example of words, read by no lawyer: replace them by those of legal counsel. */
const DISCLOSURE: DisclosureSettings = {
  expires: '2027-11-15',
  safeHarbour:
    'Whoever looks for weaknesses in good faith, touches no more data than the proof needs, harms nobody and leaves us time for a fix has no legal action to expect from us, and we say so to others who ask.',
  coordination:
    'Please do not publish before the weakness is mended or 90 days have passed since your report; we offer a date and name you if you wish.',
};

/**
 * The one place to edit before deploying: account, Region, domain and addresses of each environment. The values here are an
 * example: they synthesize offline, and belong to nobody. Nothing is read from the shell, so that no exported variable can
 * move an environment to another account or Region.
 *
 * `contentDelivery` alone names a Region outside the EU; only a profile whose `edge.mode` is `cdn` reads it.
 */
export const ENVIRONMENTS: Readonly<Record<EnvironmentName, Omit<EnvironmentSettings, 'name'>>> = {
  development: {
    account: '111111111111',
    region: 'eu-central-1',
    domainName: 'development.example.com',
    vpcCidr: '10.10.0.0/16',
    contacts: {
      security: 'security@example.com',
      privacy: 'privacy@example.com',
      operations: 'operations@example.com',
    },
    contentDelivery: {
      certificateArn: 'arn:aws:acm:us-east-1:111111111111:certificate/00000000-0000-0000-0000-000000000000',
      webAclArn: 'arn:aws:wafv2:us-east-1:111111111111:global/webacl/content/00000000-0000-0000-0000-000000000000',
    },
    disclosure: DISCLOSURE,
    application: EXAMPLE,
  },
  staging: {
    account: '222222222222',
    region: 'eu-central-1',
    domainName: 'staging.example.com',
    vpcCidr: '10.20.0.0/16',
    contacts: {
      security: 'security@example.com',
      privacy: 'privacy@example.com',
      operations: 'operations@example.com',
    },
    contentDelivery: {
      certificateArn: 'arn:aws:acm:us-east-1:222222222222:certificate/00000000-0000-0000-0000-000000000000',
      webAclArn: 'arn:aws:wafv2:us-east-1:222222222222:global/webacl/content/00000000-0000-0000-0000-000000000000',
    },
    disclosure: DISCLOSURE,
    application: EXAMPLE,
  },
  production: {
    account: '333333333333',
    region: 'eu-central-1',
    domainName: 'app.example.com',
    vpcCidr: '10.30.0.0/16',
    contacts: {
      security: 'security@example.com',
      privacy: 'privacy@example.com',
      operations: 'operations@example.com',
    },
    contentDelivery: {
      certificateArn: 'arn:aws:acm:us-east-1:333333333333:certificate/00000000-0000-0000-0000-000000000000',
      webAclArn: 'arn:aws:wafv2:us-east-1:333333333333:global/webacl/content/00000000-0000-0000-0000-000000000000',
    },
    disclosure: DISCLOSURE,
    application: EXAMPLE,
  },
};
