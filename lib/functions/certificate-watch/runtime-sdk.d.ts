/** The calls of the AWS SDK that this function makes. The SDK itself comes with Lambda's Node.js runtime and is not bundled. */

declare module '@aws-sdk/client-acm' {
  export class ACM {
    describeCertificate(input: { CertificateArn: string }): Promise<{ Certificate?: { Serial?: string } }>;
  }
}

declare module '@aws-sdk/client-ssm' {
  export class SSM {
    getParameter(input: { Name: string }): Promise<{ Parameter?: { Value?: string } }>;
    putParameter(input: {
      Name: string;
      Value: string;
      Type: 'String';
      Tier: 'Intelligent-Tiering';
      Overwrite: true;
    }): Promise<unknown>;
  }
}

declare module '@aws-sdk/client-sns' {
  export class SNS {
    publish(input: { TopicArn: string; Subject: string; Message: string }): Promise<unknown>;
  }
}
