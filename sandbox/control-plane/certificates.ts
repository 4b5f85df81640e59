// @peculiar/x509 wires its parts with tsyringe, which refuses to load without this.
import "reflect-metadata";
import { createPrivateKey, KeyObject, randomBytes, webcrypto } from "node:crypto";
import * as x509 from "@peculiar/x509";

/** A certificate and its private key, both PEM. */
export interface KeyPair {
  readonly cert: string;
  readonly key: string;
}

/** The holder of a certificate. */
export interface Subject {
  /** The user name, as Kubernetes reads it. */
  readonly commonName: string;
  /** The groups of the user. @default none */
  readonly organizations?: readonly string[];
}

/** Names under which a server answers; each is a DNS name or an IP address. */
export interface ServerNames {
  readonly dns: readonly string[];
  readonly ip: readonly string[];
}

/** ECDSA P-256: made in a millisecond, where RSA takes a noticeable part of the start-up. */
const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const day = 24 * 60 * 60 * 1000;
/** A clock that runs a little behind must not make a fresh certificate "not yet valid". */
const skew = 5 * 60 * 1000;

/** A new certificate authority, valid for ten years. */
export async function createAuthority(commonName: string): Promise<KeyPair> {
  const { X509CertificateGenerator, BasicConstraintsExtension, KeyUsagesExtension, KeyUsageFlags } = x509;
  const keys = await generateKeys();
  const certificate = await X509CertificateGenerator.createSelfSigned({
    ...validity(3650),
    name: distinguishedName({ commonName }),
    signingAlgorithm: algorithm,
    keys,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign | KeyUsageFlags.digitalSignature, true),
    ],
  });
  return { cert: certificate.toString("pem"), key: pem(keys.privateKey) };
}

/** A certificate with which a client says who it is, valid for a year. */
export function issueClient(authority: KeyPair, subject: Subject): Promise<KeyPair> {
  return issue(authority, subject, undefined);
}

/** A serving certificate, valid for a year; usable as a client certificate too, which etcd needs to talk to itself. */
export function issueServer(authority: KeyPair, subject: Subject, names: ServerNames): Promise<KeyPair> {
  return issue(authority, subject, names);
}

async function issue(authority: KeyPair, subject: Subject, names: ServerNames | undefined): Promise<KeyPair> {
  const issuer = new x509.X509Certificate(authority.cert);
  const keys = await generateKeys();
  const usages: string[] = [x509.ExtendedKeyUsage.clientAuth];
  if (names !== undefined) usages.push(x509.ExtendedKeyUsage.serverAuth);
  const extensions = [
    new x509.BasicConstraintsExtension(false, undefined, true),
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
    new x509.ExtendedKeyUsageExtension(usages),
    await x509.AuthorityKeyIdentifierExtension.create(issuer),
    ...(names === undefined
      ? []
      : [
          new x509.SubjectAlternativeNameExtension([
            ...names.dns.map((value) => ({ type: "dns" as const, value })),
            ...names.ip.map((value) => ({ type: "ip" as const, value })),
          ]),
        ]),
  ];
  const certificate = await x509.X509CertificateGenerator.create({
    ...validity(365),
    subject: distinguishedName(subject),
    issuer: issuer.subject,
    signingAlgorithm: algorithm,
    signingKey: await importKey(authority.key),
    publicKey: keys.publicKey,
    extensions,
  });
  return { cert: certificate.toString("pem"), key: pem(keys.privateKey) };
}

/** The parts that every certificate has: a random serial number and the time from now on. */
function validity(days: number) {
  const now = Date.now();
  return {
    serialNumber: `00${randomBytes(15).toString("hex")}`,
    notBefore: new Date(now - skew),
    notAfter: new Date(now + days * day),
  };
}

function distinguishedName({ commonName, organizations = [] }: Subject) {
  return [{ CN: [commonName] }, ...organizations.map((name) => ({ O: [name] }))];
}

async function generateKeys(): Promise<webcrypto.CryptoKeyPair> {
  return (await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"])) as webcrypto.CryptoKeyPair;
}

async function importKey(key: string): Promise<webcrypto.CryptoKey> {
  const der = createPrivateKey(key).export({ type: "pkcs8", format: "der" });
  return await webcrypto.subtle.importKey("pkcs8", der, algorithm, false, ["sign"]);
}

function pem(key: webcrypto.CryptoKey): string {
  return KeyObject.from(key).export({ type: "pkcs8", format: "pem" }).toString();
}
