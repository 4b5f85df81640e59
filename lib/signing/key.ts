/** A public key, or a block of some, that verifies signatures of commits and tags. */
export interface SigningKey {
  readonly format: "ssh" | "pgp";
  /** `SHA256:…` of SSH, as `ssh-keygen -l` shows it; 40 hexadecimal digits of OpenPGP. */
  readonly fingerprints: readonly string[];
}
