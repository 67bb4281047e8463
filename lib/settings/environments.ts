import type { EnvironmentName, EnvironmentSettings } from './environment';

/**
 * The one place to edit before deploying: account, Region, domain and addresses of each environment. The values here are an
 * example: they synthesize offline, and belong to nobody. Nothing is read from the shell, so that no exported variable can
 * move an environment to another account or Region.
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
  },
};
