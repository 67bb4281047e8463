/**
 * What GuardDuty looks at beyond calls, flows and name resolution: reads of objects, volumes of what it suspects, sign-ins to the
 * database, traffic of functions. EKS has no feature here because no cluster of it is deployed.
 *
 * Source: https://docs.aws.amazon.com/guardduty/latest/APIReference/API_DetectorFeatureConfiguration.html
 */
export const FEATURES = [
  'S3_DATA_EVENTS',
  'EBS_MALWARE_PROTECTION',
  'RDS_LOGIN_EVENTS',
  'LAMBDA_NETWORK_LOGS',
] as const;

/** Agents that GuardDuty brings along to see processes and files inside containers and machines, under `RUNTIME_MONITORING`. */
export const AGENTS = ['ECS_FARGATE_AGENT_MANAGEMENT', 'EC2_AGENT_MANAGEMENT'] as const;

/** How often a finding that occurs again is published; a new one is reported at once. */
export const PUBLISHING_FREQUENCY = 'FIFTEEN_MINUTES';

/** Standards that Security Hub checks an account against, as the end of their ARN. */
export const STANDARDS = {
  BestPractices: 'aws-foundational-security-best-practices/v/1.0.0',
  Cis: 'cis-aws-foundations-benchmark/v/3.0.0',
} as const;

/** What Inspector scans: hosts, images in the registry, functions with the packages that they bring, and the functions' own code. */
export const SCANNED = ['EC2', 'ECR', 'LAMBDA', 'LAMBDA_CODE'] as const;
