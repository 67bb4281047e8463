import { Duration } from 'aws-cdk-lib';
import type * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { PublicLoadBalancerLog } from './public-load-balancer-log';

export interface PublicLoadBalancerProps {
  readonly vpc: ec2.IVpc;
  readonly certificate: acm.ICertificate;
  /** Lowest TLS version that a client may speak. */
  readonly minimumTls: '1.2' | '1.3';
  /** Seconds for which browsers remember to use HTTPS only. */
  readonly hstsSeconds: number;
  /** Bucket for the server access logs of the log bucket. */
  readonly accessLogs: s3.IBucket;
  /** Days for which requests and connections are kept on record. */
  readonly retentionDays: number;
}

/**
 * What a client may negotiate: every suite of both keeps past recordings secret when a key is stolen later, and offers a key exchange that a
 * quantum computer would not break either. Named in full, because the load balancer's own default still speaks TLS 1.0.
 *
 * Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html
 */
const TLS_POLICY = {
  '1.2': elbv2.SslPolicy.TLS13_12_RES_PQ,
  '1.3': elbv2.SslPolicy.TLS13_13_PQ,
} as const;

/**
 * The one door to the service: a load balancer in the public subnets that speaks HTTPS, and HTTP only to say where HTTPS is.
 *
 * Until an application attaches its rules every address is not found. The load balancer reaches nothing until an application
 * admits it: whoever attaches adds the way out to its security group. No stickiness and no sign-in of its own, because both set cookies
 * that nothing can harden.
 *
 * It adds the hardening headers itself, so that answers that no application wrote have them as well, except for the content security
 * policy: that one the load balancer would put in place of the application's, with its nonces.
 *
 * The content of `X-Forwarded-For` is appended to, never believed: only the last address in it is the client's.
 */
export class PublicLoadBalancer extends Construct {
  readonly loadBalancer: elbv2.ApplicationLoadBalancer;
  readonly listener: elbv2.ApplicationListener;
  readonly securityGroup: ec2.SecurityGroup;

  constructor(scope: Construct, id: string, props: PublicLoadBalancerProps) {
    super(scope, id);
    this.securityGroup = doors(this, props.vpc);
    this.loadBalancer = new elbv2.ApplicationLoadBalancer(this, 'Resource', {
      vpc: props.vpc,
      vpcSubnets: { subnetType: ec2.SubnetType.PUBLIC },
      internetFacing: true,
      securityGroup: this.securityGroup,
      deletionProtection: true,
      dropInvalidHeaderFields: true,
      desyncMitigationMode: elbv2.DesyncMitigationMode.STRICTEST,
      http2Enabled: true,
      idleTimeout: Duration.seconds(60),
      xAmznTlsVersionAndCipherSuiteHeaders: true,
      xffHeaderProcessingMode: elbv2.XffHeaderProcessingMode.APPEND,
      preserveHostHeader: true,
    });
    // A firewall that does not answer must not mean no firewall; written out, because the construct leaves a `false` to the default
    this.loadBalancer.setAttribute('waf.fail_open.enabled', 'false');
    new PublicLoadBalancerLog(this, 'Log', props).receiveFrom(this.loadBalancer);
    this.listener = this.https(props);
    this.redirect();
  }

  private https(props: PublicLoadBalancerProps): elbv2.ApplicationListener {
    const listener = this.loadBalancer.addListener('Https', {
      port: 443,
      protocol: elbv2.ApplicationProtocol.HTTPS,
      sslPolicy: TLS_POLICY[props.minimumTls],
      certificates: [props.certificate],
      open: false,
      defaultAction: elbv2.ListenerAction.fixedResponse(404, {
        contentType: 'application/json',
        messageBody: '{"error":"not found"}',
      }),
    });
    const header = (name: string, value: string) =>
      listener.setAttribute(`routing.http.response.${name}.header_value`, value);
    header('strict_transport_security', `max-age=${props.hstsSeconds}; includeSubDomains`);
    header('x_content_type_options', 'nosniff');
    header('x_frame_options', 'DENY');
    listener.setAttribute('routing.http.response.server.enabled', 'false');
    return listener;
  }

  /** Browsers must ignore HSTS over HTTP, so it is not sent there: RFC 6797, section 7.2. */
  private redirect(): void {
    const listener = this.loadBalancer.addListener('Http', {
      port: 80,
      protocol: elbv2.ApplicationProtocol.HTTP,
      open: false,
      defaultAction: elbv2.ListenerAction.redirect({ protocol: 'HTTPS', port: '443', permanent: true }),
    });
    listener.setAttribute('routing.http.response.server.enabled', 'false');
  }
}

function doors(scope: Construct, vpc: ec2.IVpc): ec2.SecurityGroup {
  const group = new ec2.SecurityGroup(scope, 'SecurityGroup', {
    vpc,
    description: 'HTTPS, and HTTP for the redirect, from everybody to the load balancer',
    allowAllOutbound: false,
  });
  group.addIngressRule(ec2.Peer.anyIpv4(), ec2.Port.tcp(443), 'HTTPS from everybody');
  group.addIngressRule(ec2.Peer.anyIpv4(), ec2.Port.tcp(80), 'HTTP from everybody, answered with a redirect');
  pinWayOut(group);
  return group;
}

/**
 * Keeps a rule that matches nothing in the group for good. The construct takes it out as soon as an application in another stack adds a
 * rule of its own, and a group whose template names no way out is made with all of them open.
 */
function pinWayOut(group: ec2.SecurityGroup): void {
  const resource = group.node.defaultChild;
  if (!(resource instanceof ec2.CfnSecurityGroup)) {
    throw new Error(`security group '${group.node.path}' has no resource to pin a rule to`);
  }
  resource.addPropertyOverride('SecurityGroupEgress', [
    {
      CidrIp: '255.255.255.255/32',
      Description: 'Nothing goes out without a rule of its own',
      IpProtocol: 'icmp',
      FromPort: 252,
      ToPort: 86,
    },
  ]);
}
