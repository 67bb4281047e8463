/**
 * Types that belong to IAM, which is one for all Regions: they are recorded in one Region only, so that a recorder of another one
 * may leave them out without losing a change.
 *
 * Source: https://docs.aws.amazon.com/config/latest/developerguide/select-resources.html
 */
export const recordedOnceByIam: ReadonlySet<string> = new Set([
  'AWS::IAM::Group',
  'AWS::IAM::Policy',
  'AWS::IAM::Role',
  'AWS::IAM::User',
]);
