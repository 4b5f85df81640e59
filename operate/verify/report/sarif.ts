import { plainCharacters } from "../../../review/document/plain-characters.js";
import { findingKinds, ownerText } from "../finding.js";
import { findingsOf, type Verification } from "../verification.js";

/**
 * A verification as SARIF 2.1.0, for code scanning: one result for each finding, at the file that decides its object.
 * @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 */
export function sarifOf(verification: Verification, version: string): string {
  const findings = findingsOf(verification);
  const kinds = Object.entries(findingKinds).sort(([a], [b]) => (a < b ? -1 : 1));
  const rules = kinds.map(([id, reason]) => {
    return { id, shortDescription: { text: reason }, defaultConfiguration: { level: "error" } };
  });
  const results = findings.map(({ kind, object, owner, difference, reason, fix }) => {
    const text = messageText(`${object} ${difference}. ${reason} Owner: ${ownerText(owner)}. Fix: ${fix}`);
    return {
      ruleId: kind,
      ruleIndex: kinds.findIndex(([id]) => id === kind),
      level: "error",
      message: { text },
      locations: [
        {
          physicalLocation: { artifactLocation: { uri: uriOf(owner.file) } },
          logicalLocations: [{ fullyQualifiedName: object, kind: "resource" }],
        },
      ],
      partialFingerprints: { "fleetVerify/v1": `${verification.stack}/${kind}/${object}` },
    };
  });
  const run = {
    tool: {
      driver: { name: "fleet verify", semanticVersion: version, rules },
    },
    invocations: [{ executionSuccessful: true, startTimeUtc: verification.at }],
    results,
  };
  const log = { $schema: "https://json.schemastore.org/sarif-2.1.0.json", version: "2.1.0", runs: [run] };
  return `${JSON.stringify(log, undefined, 2)}\n`;
}

/**
 * A message shows `[text](address)` as a link. The text of a cluster may be anyone's, so a space keeps it text.
 * @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html#_Toc34317470
 */
function messageText(text: string): string {
  return plainCharacters(text).replaceAll("](", "] (");
}

/** Code scanning shows files of the checkout alone. An object that no file asks for is shown at the project. */
function uriOf(file: string): string {
  return /^[\w./-]+$/.test(file) ? file : "Pulumi.yaml";
}
