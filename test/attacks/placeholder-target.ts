import type { Place } from "./attack.js";

/** A place where nothing is: for whoever reads what an attack consists of, and does not carry it out. */
export const somewhere: Place = {
  tenant: "team-a",
  namespace: "a",
  neighbour: "team-b",
  organisation: "ssh://git@127.0.0.1:22/acme",
  gitHub: "http://127.0.0.1:80/",
  apiServer: "https://127.0.0.1:6443",
  apiCertificate: "",
  trace: "/nowhere",
  loot: "/nowhere",
  thief: "http://127.0.0.1:81/token",
};
