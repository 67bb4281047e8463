import type { ACM } from '@aws-sdk/client-acm';
import { normalSerial } from './public-log';

/**
 * Serial numbers of the certificates that the edge uses now, in the spelling of `normalSerial`. Named one by one: a certificate that somebody
 * else ordered in our account is as foreign as one that was ordered elsewhere.
 *
 * @throws if one of them cannot be read or was never issued: without its number every certificate would be a stranger
 */
export async function ownSerials(
  acm: Pick<ACM, 'describeCertificate'>,
  arns: readonly string[],
): Promise<ReadonlySet<string>> {
  const serials = arns.map(async (arn) => {
    const { Certificate: found } = await acm.describeCertificate({ CertificateArn: arn });
    if (!found?.Serial) {
      throw new Error(`certificate '${arn}' has no serial number, expected one that was issued`);
    }
    return normalSerial(found.Serial);
  });
  return new Set(await Promise.all(serials));
}
