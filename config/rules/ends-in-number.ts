/**
 * Whether a host's last part is a number: some readers of URLs take such a host for an address, and others for a name.
 * @param host in lower case, without its port
 * @see https://url.spec.whatwg.org/#ends-in-a-number-checker
 */
export function endsInNumber(host: string): boolean {
  return /(^|\.)([0-9]+|0x[0-9a-f]*)$/.test(host);
}
