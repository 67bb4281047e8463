import * as iam from 'aws-cdk-lib/aws-iam';

/**
 * What Lambda does with a function's own role to attach the function to a VPC: make and remove its network interfaces. They have no ARN before
 * they exist, so the statement names none.
 *
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-permissions
 */
export function liveInVpc(): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid: 'LiveInTheVpc',
    actions: [
      'ec2:AssignPrivateIpAddresses',
      'ec2:CreateNetworkInterface',
      'ec2:DeleteNetworkInterface',
      'ec2:DescribeNetworkInterfaces',
      'ec2:DescribeSubnets',
      'ec2:UnassignPrivateIpAddresses',
    ],
    resources: ['*'],
  });
}
