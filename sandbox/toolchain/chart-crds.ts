import { parse } from "yaml";
import { z } from "zod";
import type { ChartFiles } from "./chart-archive.js";

const definitionSchema = z.looseObject({
  spec: z.looseObject({ names: z.looseObject({ kind: z.string(), singular: z.string() }) }),
});

const annotations = `    {{- with .Values.crds.annotations }}
    {{- toYaml . | nindent 4}}
    {{- end }}
    {{- if and .Values.crds.conversion.enabled .Values.webhook.certManager.enabled .Values.webhook.certManager.addInjectorAnnotations }}
    cert-manager.io/inject-ca-from: {{ .Release.Namespace }}/{{ include "external-secrets.fullname" . }}-webhook
    {{- end }}
`;

/**
 * The templates of CustomResourceDefinitions that the release of external-secrets makes from its bundle: each is under the
 * chart's switches, and an old version of an API is served by a switch only.
 * @see https://github.com/external-secrets/external-secrets/blob/v1.3.2/hack/helm.generate.sh
 * @throws Error when a document of the bundle is no definition
 */
export function crdTemplates(bundle: string): ChartFiles {
  const documents = bundle.split(/^---$/m).filter((document) => document.trim() !== "");
  return new Map(
    documents.map((document) => {
      const { kind, singular } = definitionSchema.parse(parse(document)).spec.names;
      return [`templates/crds/${singular}.yaml`, Buffer.from(template(kind, document.trim()))];
    }),
  );
}

function template(kind: string, definition: string): string {
  const isOptional = kind.includes("Cluster") || kind.includes("PushSecret");
  const condition = isOptional ? `and (.Values.installCRDs) (.Values.crds.create${kind})` : ".Values.installCRDs";
  const isStored = kind.includes("ExternalSecret") || kind.includes("SecretStore");
  const versions = isStored
    ? definition.replace(oldVersion, "$1served: {{ .Values.crds.unsafeServeV1Beta1 }}")
    : definition;
  const annotated = versions.replace(/^.*annotations.*\n/m, (line) => line + annotations);
  return `{{- if ${condition} }}\n${annotated}\n{{- end }}\n`;
}

/** From the name of the old version on, the field that says whether it is served. */
const oldVersion = /(^ {6}name: v1beta1$.*?^ {6})served: false/ms;
