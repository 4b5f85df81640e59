import type { Place } from "./attack.js";

/** A target that does not exist, for code that describes an attack and does not carry it out. */
export const placeholderTarget: Place = {
  tenant: "team-a",
  namespace: "a",
  neighbour: "team-b",
  organisation: "ssh://git@127.0.0.1:22/acme",
  gitHub: "http://127.0.0.1:80/",
  apiServer: "https://127.0.0.1:6443",
  apiCertificate: "",
  trace: "/nowhere",
  secretFile: "/nowhere",
  exfiltrationServer: "http://127.0.0.1:81/token",
};
