import { createPrivateKey, X509Certificate } from 'node:crypto';

/** What two texts with random parts must have in common. */
const normalisers: Readonly<Record<string, (text: string) => string>> = {
  anything: pem,
  pem,
  bcrypt: (text) => text.replace(/\$2a\$(\d\d)\$[./A-Za-z0-9]{53}/g, '$2a$$$1$$...'),
};

export function normalised(text: string, normaliser: string | undefined): string {
  return normaliser === undefined ? text : (normalisers[normaliser]?.(text) ?? text);
}

/** Certificates and keys by what they say, whatever their keys and numbers are; in quotes and indented, too. */
function pem(text: string): string {
  return text.replace(
    /-----BEGIN ([A-Z ]+)-----(?:\n|\\n)[\s\S]*?-----END \1-----(?:\n|\\n)?/g,
    (found: string, kind: string) => {
      const block = found.replaceAll('\\n', '\n').replace(/\n\s+/g, '\n');
      return kind === 'CERTIFICATE' ? certificate(block) : privateKey(block, kind);
    },
  );
}

function certificate(block: string): string {
  const found = new X509Certificate(block);
  const { subject, issuer, subjectAltName, ca, publicKey } = found;
  const lasts = Date.parse(found.validTo) - Date.parse(found.validFrom);
  const alone = found.verify(publicKey);
  return `[certificate ${JSON.stringify({ subject, issuer, subjectAltName, ca, lasts, alone })} ${publicKey.asymmetricKeyType} ${JSON.stringify(found.keyUsage ?? null)}]`;
}

function privateKey(block: string, kind: string): string {
  const found = createPrivateKey(block);
  return `[${kind} ${found.asymmetricKeyType} ${JSON.stringify(found.asymmetricKeyDetails ?? {}, (_, value) => (typeof value === 'bigint' ? String(value) : value))}]`;
}
