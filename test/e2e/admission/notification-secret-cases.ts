import { secret } from "../../support/objects/configuration.js";
import { allowed, type Case, each, type Place, refused } from "./cases.js";

/** Values of an address that notification-controller may not be led to. */
const inner = [
  "http://169.254.169.254/latest/meta-data",
  "https://169.254.169.254",
  "http://localhost:9090/",
  "https://kubernetes.default.svc/api",
  "https://web.team-b.svc.cluster.local",
  "https://[fd00:ec2::254]/",
  "http://hooks.example.com",
  "hooks.example.com",
  "https://hooks.example.com:x@10.0.0.1/",
  "https://10.0.0.1/@hooks.example.com",
  "https://hooks.example.com\\@10.0.0.1/",
  "https://hooks.example.com/,nats://10.0.0.1:443",
  "https://hooks.example.com/x?a=b,10.0.0.1",
  "tls://a.example.com:4222,tls://kubernetes.default:443",
  "https://h\u00f6oks.example.com/",
  " ",
];

/** Values of the other key. */
const proxies = ["http://proxy.team-b:3128", "http://10.0.0.1:3128"];

/** Addresses of public hosts, as people write them into Secrets. */
const publicOnes = [
  "https://hooks.slack.example.com/services/T0/B0/abc",
  "https://hooks.example.com/x\n",
  "\thttps://Hooks.Example.com:8443/x?y=z&a=%2F#f",
  "https://key@ingest.example.com/1",
  "https://user:pa~ss@hooks.example.com/x@y",
  "tls://user:word@a.example.com:4222,tls://b.example.com:4222",
  "https://a.example.com/x, https://b.example.com/y",
];

/** Policy fleet-notification-secrets, with default settings. */
export function notificationSecretCases(place: Place): Case[] {
  return [
    ...refused(/Flux sends notifications to the keys address and proxy of a Secret .* write a public host, as https:/, {
      ...each(inner, (address) => [`the address ${JSON.stringify(address)}`, secret(place, { address })]),
      ...each(proxies, (proxy) => [`the proxy ${proxy}`, secret(place, { proxy })]),
      "a proxy beside a public address": secret(place, { address: "https://hooks.example.com", proxy: "http://x" }),
      "an address that is too long to be read": secret(place, { address: `https://a.example.com/${"x".repeat(2048)}` }),
    }),
    ...allowed({
      ...each(publicOnes, (address) => [`the address ${JSON.stringify(address)}`, secret(place, { address })]),
      "the longest address": secret(place, { address: `https://a.example.com/${"x".repeat(2026)}` }),
      "a public proxy": secret(place, { proxy: "https://proxy.example.com:3128" }),
      "an empty address": secret(place, { address: "", token: "x" }),
      "a Secret for something else": secret(place, { url: "http://database:5432", addresses: "10.0.0.1" }),
    }),
  ];
}
