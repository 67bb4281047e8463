import { finding, type Outcome, satisfied } from '../../../lib/control/verdict';

const certificate =
  /\b(ISO(\/IEC)? ?\d{4,5}|SOC ?[123]|PCI DSS|C5|certified|certificates?|certification|attestations?)\b/i;

/** A certificate that nobody gives: the law has none that a company could hold by itself, and AWS holds none. */
const none = /\b(GDPR|KVKK|HIPAA|CCPA)[- ](certified|certificates?|certification)\b/i;

/** Who publishes as the one who holds it: «we are certified», «our platform is SOC 2 compliant», «our ISO 27001 certificate». */
const own = [
  /\b(we|our (\w+ ){1,3}?)\s*(are|is|hold|holds|have|has|maintain|maintains|obtained|achieved)\b[^.;,]*\b(certified|certificates?|certification|compliant|attested|ISO(\/IEC)? ?\d{4,5}|SOC ?[123])\b/i,
  /\bour\s+(own\s+)?((ISO|IEC|SOC|PCI|DSS|C5)[\s/\d:-]*)*(certificates?|certification|attestations?|(SOC|ISO)[\s\d]*reports?)\b/i,
];

/** Judges words about certificates: they name the holder, which is somebody else, and something that exists. */
export function judgeWords(words: string, holders: readonly string[]): Outcome {
  const said = (pattern: RegExp) => pattern.exec(words)?.[0];
  const invented = said(none);
  if (invented !== undefined) {
    return finding('noSuchThing', undefined, { words: invented });
  }
  const borrowed = own.map(said).find((found) => found !== undefined);
  if (borrowed !== undefined) {
    return finding('ownWords', undefined, { words: borrowed });
  }
  const sentences = words.split(/(?<=[.;])\s+/).filter((sentence) => certificate.test(sentence));
  const nobodys = sentences.find((sentence) => !namesHolder(sentence, holders));
  return nobodys === undefined ? satisfied : finding('whose', undefined, { words: nobodys });
}

/** By its whole name, or by its initials: Amazon Web Services, AWS. */
function namesHolder(sentence: string, holders: readonly string[]): boolean {
  const names = holders.flatMap((holder) => [holder, holder.replace(/\B\w|\s/g, '')]);
  return names.some((name) => new RegExp(`\\b${name.replace(/[^\w ]/g, '\\$&')}\\b`).test(sentence));
}
