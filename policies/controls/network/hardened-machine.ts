import { decide } from '../../../lib/control/decide';
import { finding, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Node } from '../../../lib/template/node';
import type { Scope } from '../../../lib/template/scope';
import type { Subject } from '../../../lib/template/subject';
import { type Rule, rulesAt, rulesOf } from './group-rules';

/** How a machine hands out its credentials, and whether somebody can sign in to it. */
export function judgeMachine(machine: Node): readonly Outcome[] {
  return [...judgeMetadata(machine.at('MetadataOptions')), ...judgeSignIn(machine)];
}

/** A machine that is started from a template takes from there what it does not say itself. */
export function judgeInstance(machine: Subject): readonly Outcome[] {
  const ofTemplate =
    machine.at('LaunchTemplate').state() !== 'absent' && machine.at('MetadataOptions').state() === 'absent';
  return ofTemplate ? [satisfied, ...judgeSignIn(machine.root)] : judgeMachine(machine.root);
}

/** Version 1 answers whoever reaches the address, a forged request of the application included. */
function judgeMetadata(options: Node): readonly Outcome[] {
  const endpoint = options.at('HttpEndpoint').resolved;
  if (endpoint.kind === 'scalar' && endpoint.value === 'disabled') {
    options.at('HttpEndpoint').text();
    return [satisfied];
  }
  return decide(options.at('HttpTokens').text(), {
    known: (word) => (word === 'required' ? satisfied : finding('openMetadata')),
    // Optional, unless image or account say otherwise, which no template shows:
    // https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-options.html
    absent: () => finding('openMetadata'),
  });
}

function judgeSignIn(machine: Node): readonly Outcome[] {
  const key = machine.at('KeyName');
  return [
    ...(key.state() === 'absent' ? [satisfied] : [finding('sshKey', key.path)]),
    ...decide(machine.at('UserData').pattern(), {
      known: (text) =>
        [text, decoded(text)].some((script) => /\bchpasswd\b|^\s*PasswordAuthentication\s+yes/im.test(script))
          ? finding('passwordSignIn')
          : satisfied,
      absent: () => satisfied,
    }),
  ];
}

function decoded(text: string): string {
  return /^[A-Za-z0-9+/=\s]+$/.test(text) ? Buffer.from(text, 'base64').toString('utf8') : '';
}

/** Whether a security group, or a rule for one from elsewhere, lets anybody in on the port of SSH: no address makes that right. */
export function judgeSshDoor(subject: Subject, scope: Scope): readonly Outcome[] {
  const { rules, unseen } =
    subject.type === 'AWS::EC2::SecurityGroup' ? rulesOf(subject, scope, 'Ingress') : rulesAt([subject.root], subject);
  const door = rules.find(admitsSsh);
  return [
    ...(door ? [finding('sshDoor', undefined, { source: door.peer.text })] : [satisfied]),
    ...unseen.map(({ reason, property }): Outcome => ({ verdict: 'not-assessed', reason, property })),
  ];
}

function admitsSsh({ protocol, ports, peer }: Rule): boolean {
  // Members of a group that reach each other on everything open no door of their own
  const counts = protocol === 'tcp' || (protocol === 'all' && peer.kind === 'addresses');
  return counts && ports !== undefined && ports.from <= 22 && 22 <= ports.to;
}
