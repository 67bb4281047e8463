import type { Subject } from '../../../lib/template/subject';

/** Whether a client of a user pool signs in machines only: it has their grant, and no other way in. */
export function isMachineClient(client: Subject): boolean {
  const flows = client.items('AllowedOAuthFlows');
  return (
    flows.kind === 'known' &&
    flows.value.length > 0 &&
    flows.value.every((flow) => {
      const name = flow.text();
      return name.kind === 'known' && name.value === 'client_credentials';
    }) &&
    client.at('ExplicitAuthFlows').state() === 'absent'
  );
}
