import { request } from "node:https";
import type { KeyPair } from "./certificates.js";

/**
 * Whether a server says that it is ready, on the URL's own terms: answers 200, with a certificate of the given
 * authority. A foreign server that took the port is therefore never mistaken for ours.
 */
export function answersOk(url: string, ca: string, client: KeyPair): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const call = request(url, { ca, cert: client.cert, key: client.key, agent: false, timeout: 5000 }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    call.once("timeout", () => call.destroy(new Error(`${url} did not answer within 5 s`)));
    call.once("error", reject);
    call.end();
  });
}
