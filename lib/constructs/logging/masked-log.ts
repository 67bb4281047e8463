import * as logs from 'aws-cdk-lib/aws-logs';

/**
 * What somebody may have written into a log by mistake is hidden from those who read it. Addresses of the network are not: whoever
 * looks into an attack needs them.
 */
export function maskedLog(): logs.DataProtectionPolicy {
  const { AWSSECRETKEY, CREDITCARDNUMBER, EMAILADDRESS, OPENSSHPRIVATEKEY } = logs.DataIdentifier;
  return new logs.DataProtectionPolicy({
    name: 'personal-data',
    identifiers: [AWSSECRETKEY, CREDITCARDNUMBER, EMAILADDRESS, OPENSSHPRIVATEKEY],
  });
}
