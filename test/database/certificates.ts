import { generateKeyPairSync } from 'node:crypto';
import forge from 'node-forge';

/** A certificate authority of a test, and what it issues. PEM throughout. */
export interface Authority {
  readonly certificate: string;
  /** A server certificate for one DNS name. */
  issue(host: string): { readonly certificate: string; readonly key: string };
}

/** Makes an authority whose certificates are valid for a day. */
export function certificateAuthority(name: string): Authority {
  const keys = keyPair();
  const subject = [{ name: 'commonName', value: name }];
  const certificate = sign(
    { subject, issuer: subject, publicKey: keys.public, extensions: [{ name: 'basicConstraints', cA: true }] },
    keys.private,
  );
  return {
    certificate,
    issue: (host) => {
      const own = keyPair();
      return {
        key: own.private,
        certificate: sign(
          {
            subject: [{ name: 'commonName', value: host }],
            issuer: subject,
            publicKey: own.public,
            extensions: [
              { name: 'basicConstraints', cA: false },
              { name: 'subjectAltName', altNames: [{ type: 2, value: host }] },
            ],
          },
          keys.private,
        ),
      };
    },
  };
}

let serial = 0;
const day = 86_400_000;

interface Contents {
  readonly subject: forge.pki.CertificateField[];
  readonly issuer: forge.pki.CertificateField[];
  readonly publicKey: string;
  readonly extensions: object[];
}

function sign({ subject, issuer, publicKey, extensions }: Contents, privateKey: string): string {
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.publicKeyFromPem(publicKey);
  certificate.serialNumber = (++serial).toString(16).padStart(4, '0');
  certificate.validity.notBefore = new Date(Date.now() - day);
  certificate.validity.notAfter = new Date(Date.now() + day);
  certificate.setSubject(subject);
  certificate.setIssuer(issuer);
  certificate.setExtensions(extensions);
  certificate.sign(forge.pki.privateKeyFromPem(privateKey), forge.md.sha256.create());
  return forge.pki.certificateToPem(certificate);
}

/** Made by Node.js, whose keys take milliseconds where those of pure JavaScript take seconds. */
function keyPair(): { readonly public: string; readonly private: string } {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  });
  return { public: publicKey, private: privateKey };
}
