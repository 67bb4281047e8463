import type { Parameter } from '../../lib/control/parameter';

/** Who holds the keys that encrypt stored data. Shared by the controls that judge stores and the one that judges keys. */
export const keysMode: Parameter = {
  kind: 'choice',
  weakestFirst: ['platform', 'customer'],
  default: 'customer',
  description: 'keys that encrypt stored data: owned by the platform, or managed by the customer of AWS',
};

/** How S3 encrypts what it stores by default. */
export const s3Sse: Parameter = {
  kind: 'choice',
  weakestFirst: ['AES256', 'aws:kms'],
  default: 'aws:kms',
  description: 'server-side encryption of objects: with keys of S3 itself, or with KMS keys',
};

/** Longest time between two automatic rotations of a key. */
export const keysRotationDays: Parameter = {
  kind: 'number',
  stricter: 'lower',
  default: 365,
  unit: 'days',
  description: 'longest time between two automatic rotations of a key',
};

/** Lowest TLS version that a connection to the database may use. */
export const dataMinTls: Parameter = {
  kind: 'choice',
  weakestFirst: ['1.2', '1.3'],
  default: '1.2',
  description: 'lowest TLS version that a connection to the database may use',
};

/** Feature plan of a user pool. */
export const identityTier: Parameter = {
  kind: 'choice',
  weakestFirst: ['LITE', 'ESSENTIALS', 'PLUS'],
  default: 'PLUS',
  description: 'feature plan of a user pool: only PLUS answers stolen passwords and risky sign-ins',
};

/** Shortest password that may be set. */
export const identityPasswordMinLength: Parameter = {
  kind: 'number',
  stricter: 'higher',
  default: 12,
  unit: 'characters',
  description: 'shortest password that may be set',
};

/** Whether a password must mix upper and lower case, digits and symbols. */
export const identityPasswordComplexity: Parameter = {
  kind: 'flag',
  stricter: true,
  default: true,
  description: 'whether a password must mix upper case, lower case, digits and symbols',
};

/** Second factor of administrators and staff. */
export const mfaStaff: Parameter = {
  kind: 'choice',
  weakestFirst: ['OFF', 'OPTIONAL', 'ON'],
  default: 'ON',
  description: 'second factor of administrators and staff: not there, offered, or demanded',
};

/** Second factor of customers. */
export const mfaCustomers: Parameter = {
  kind: 'choice',
  weakestFirst: ['OFF', 'OPTIONAL', 'ON'],
  default: 'OPTIONAL',
  description: 'second factor of customers: not there, offered, or demanded',
};

/** Whether customers are offered codes by text message beside an authenticator application. */
export const mfaCustomersSms: Parameter = {
  kind: 'flag',
  stricter: true,
  default: false,
  description: 'whether customers are offered codes by text message beside an authenticator application',
};

/** Longest life of an access or ID token. */
export const sessionTokenMinutes: Parameter = {
  kind: 'number',
  stricter: 'lower',
  default: 15,
  unit: 'minutes',
  description: 'longest life of an access or ID token',
};

/** Whether the trail records reads and writes of data, besides the management of resources. */
export const auditDataEvents: Parameter = {
  kind: 'flag',
  stricter: true,
  default: true,
  description: 'whether the trail records reads and writes of data, besides the management of resources',
};

/** How long audit logs are kept. */
export const auditRetentionDays: Parameter = {
  kind: 'number',
  stricter: 'higher',
  default: 365,
  unit: 'days',
  description: 'how long audit logs are kept',
};

/** How far back a store can be restored to any moment. */
export const backupPitrDays: Parameter = {
  kind: 'number',
  stricter: 'higher',
  default: 7,
  unit: 'days',
  description: 'how far back a store can be restored to any moment',
};

/** Regions in which data may be stored, by exact name: the prefix `eu-` also names London and Zurich. */
export const residencyRegions: Parameter = {
  kind: 'set',
  default: ['eu-central-1', 'eu-north-1', 'eu-south-1', 'eu-south-2', 'eu-west-1', 'eu-west-3', 'eusc-de-east-1'],
  description: 'Regions in which data may be stored',
};

/** Availability zones that the subnets of a VPC are spread over. */
export const networkAzs: Parameter = {
  kind: 'number',
  stricter: 'higher',
  default: 3,
  unit: 'zones',
  description: 'availability zones that the subnets of a VPC are spread over',
};

/** The port of the database, which no layer of the network opens to the internet. */
export const dataPort: Parameter = {
  kind: 'number',
  stricter: 'lower',
  default: 5432,
  unit: 'TCP port',
  description: 'port of the database, closed to the internet at every layer',
};

/** Whether SQL may be sent to the database through the public endpoint of the RDS Data API. */
export const dataAllowDataApi: Parameter = {
  kind: 'flag',
  stricter: false,
  default: false,
  description: 'SQL may be sent to the database through the public endpoint of the RDS Data API',
};

/** Ports that a load balancer may open to the whole internet. */
export const edgePublicPorts: Parameter = {
  kind: 'set',
  default: ['80', '443'],
  description: 'ports that an internet-facing load balancer, and nothing else, may open to the whole internet',
};

/** Where the service meets the internet. */
export const edgeMode: Parameter = {
  kind: 'choice',
  weakestFirst: ['cdn', 'regional'],
  default: 'regional',
  description: 'where the service meets the internet: at the edges of a worldwide network, or inside its Region',
};

/** Longest time over which a flow log aggregates before it writes a record. */
export const networkFlowLogSeconds: Parameter = {
  kind: 'number',
  stricter: 'lower',
  default: 60,
  unit: 'seconds',
  description: 'longest time over which a flow log aggregates before it writes a record',
};

/** Lowest TLS version that a public endpoint may accept. */
export const edgeMinTls: Parameter = {
  kind: 'choice',
  weakestFirst: ['1.2', '1.3'],
  default: '1.3',
  description: 'lowest TLS version that a public endpoint may accept',
};

/** How long browsers remember to use HTTPS only: the year that preload lists and baselines ask for. */
export const edgeHstsSeconds: Parameter = {
  kind: 'number',
  stricter: 'higher',
  default: 31_536_000,
  unit: 'seconds',
  description: 'how long browsers remember to use HTTPS only',
};

const requestsOfOneClient = (limit: number, routes: string): Parameter => ({
  kind: 'number',
  stricter: 'lower',
  default: limit,
  unit: 'requests per 5 minutes',
  description: `most requests of one client to ${routes}`,
});

/** Most attempts of one client to sign in. */
export const edgeLimitsLogin: Parameter = requestsOfOneClient(100, 'the routes that sign in');

/** Most requests of one client for a new password. */
export const edgeLimitsPasswordReset: Parameter = requestsOfOneClient(100, 'the routes that reset a password');

/** Most messages of one client through the contact form. */
export const edgeLimitsContact: Parameter = requestsOfOneClient(100, 'the contact form');

/** Most registrations of one client. */
export const edgeLimitsSignUp: Parameter = requestsOfOneClient(100, 'the routes that register');

/** Most requests of one client that concern billing. */
export const edgeLimitsBilling: Parameter = requestsOfOneClient(300, 'the routes of billing');

/** Most requests of one client to anything that is open to the public. */
export const edgeLimitsPublic: Parameter = requestsOfOneClient(2000, 'anything that is open to the public');

/** Most calls of one client to the API. */
export const edgeLimitsApi: Parameter = requestsOfOneClient(2000, 'the API');

/** Whether every cookie, those of the infrastructure too, must be HttpOnly, Secure and SameSite=Strict. */
export const cookiesStrict: Parameter = {
  kind: 'flag',
  stricter: true,
  default: true,
  description: 'whether every cookie, those of the infrastructure too, must be HttpOnly, Secure and SameSite=Strict',
};

/** Longest time between two looks at the public logs of issued certificates. */
export const certsCtIntervalHours: Parameter = {
  kind: 'number',
  stricter: 'lower',
  default: 6,
  unit: 'hours',
  description: 'longest time between two looks at the public logs of issued certificates',
};

/** Hosts that may be called from inside: what the vendor register lists for the profile. */
export const egressDomains: Parameter = {
  kind: 'set',
  default: [],
  description: 'hosts that may be called from inside: those of the vendors that the register lists for the profile',
};
