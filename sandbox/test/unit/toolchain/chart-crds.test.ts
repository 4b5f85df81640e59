import assert from "node:assert/strict";
import { crdTemplates } from "../../../toolchain/chart-crds.js";

const definition = (kind: string) => `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  annotations:
    controller-gen.kubebuilder.io/version: v0.19.0
spec:
  names:
    kind: ${kind}
    singular: ${kind.toLowerCase()}
  versions:
    - additionalPrinterColumns: []
      name: v1
      served: true
    - additionalPrinterColumns: []
      name: v1beta1
      served: false
`;
const template = (kind: string) =>
  crdTemplates(definition(kind)).get(`templates/crds/${kind.toLowerCase()}.yaml`)?.toString() ?? "";

describe("the CRD templates of external-secrets", () => {
  it("are not made of a document that is no definition", () => {
    assert.throws(() => crdTemplates(`${definition("Fake")}---\nkind: List\n`));
  });

  it("are one for each document, under the switch of its kind", () => {
    const bundle = `${definition("Fake")}---\n${definition("ClusterSecretStore")}---\n${definition("PushSecret")}`;
    assert.deepEqual(
      [...crdTemplates(bundle)].map(([path, content]) => [path, content.toString().split("\n", 1)[0]]),
      [
        ["templates/crds/fake.yaml", "{{- if .Values.installCRDs }}"],
        [
          "templates/crds/clustersecretstore.yaml",
          "{{- if and (.Values.installCRDs) (.Values.crds.createClusterSecretStore) }}",
        ],
        ["templates/crds/pushsecret.yaml", "{{- if and (.Values.installCRDs) (.Values.crds.createPushSecret) }}"],
      ],
    );
    for (const content of crdTemplates(bundle).values()) assert.match(content.toString(), /\n\{\{- end \}\}\n$/);
  });

  it("serve an old version of the stored kinds by a switch, and no other field changes", () => {
    const store = template("SecretStore");
    assert.match(store, /name: v1beta1\n {6}served: \{\{ \.Values\.crds\.unsafeServeV1Beta1 \}\}\n/);
    assert.match(store, /name: v1\n {6}served: true\n/);
    assert.match(template("Fake"), /name: v1beta1\n {6}served: false\n/);
  });

  it("take annotations from the values, once", () => {
    const text = template("ExternalSecret");
    assert.equal(text.split(".Values.crds.annotations").length, 2);
    assert.match(text, /^ {2}annotations:\n {4}\{\{- with \.Values\.crds\.annotations \}\}$/m);
  });
});
