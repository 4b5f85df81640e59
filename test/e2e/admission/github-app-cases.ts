import { secret } from "../../support/objects/configuration.js";
import { allowed, type Case, each, type Place, refused } from "./cases.js";

/** Addresses that are not the API of git.example.org. */
const elsewhere = [
  "http://169.254.169.254",
  "https://kubernetes.default",
  "https://api.github.com",
  "http://git.example.org/api/v3",
  "https://git.example.org@evil.example.com/",
  "https://git.example.org/api/v3/../../x",
  "https://git.example.org.evil.example.com",
  "",
];

/** Policy fleet-github-apps, where the organisation is at git.example.org. */
export function gitHubAppCases(place: Place): Case[] {
  const app = (address: string) =>
    secret(place, { githubAppID: "1", githubAppInstallationID: "2", githubAppBaseURL: address });
  return [
    ...refused(
      /Flux asks for tokens of a GitHub App .* remove githubAppBaseURL from the Secret, or set it to https:\/\/git/,
      each(elsewhere, (address) => [`a GitHub App at ${JSON.stringify(address)}`, app(address)]),
    ),
    ...allowed({
      "a GitHub App at the organisation's own GitHub": app("https://git.example.org/api/v3"),
      "a GitHub App at the organisation's own GitHub, with a slash": app("https://git.example.org/api/v3/"),
      "a GitHub App without an address": secret(place, { githubAppID: "1" }),
      "a Secret with another address": secret(place, { url: "http://localhost:8080" }),
    }),
  ];
}
