import { builtPlatform } from "../../../../support/unit/built-platform.js";
import { infrastructureFile } from "./objects.js";
import type { PlatformCases } from "./platform-case.js";

const issuer = (solvers: string, kind = "ClusterIssuer") => `apiVersion: cert-manager.io/v1
kind: ${kind}
metadata: {name: platform, namespace: ingress}
spec: {acme: {solvers: [${solvers}]}}
`;
const http = "{http01: {gatewayHTTPRoute: {}}}";
const certificate = (names: string, kind = "ClusterIssuer") => `apiVersion: cert-manager.io/v1
kind: Certificate
metadata: {name: gateway, namespace: ingress}
spec:
  issuerRef: {name: platform, kind: ${kind}}
  dnsNames: ${names}
`;
const wildcard = certificate("['shop.example.com', '*.example.com']");
const files = (first: string, ...others: readonly string[]) =>
  builtPlatform({ [infrastructureFile]: first, [`${infrastructureFile}.issuer.yaml`]: others.join("---\n") });
const annotated = (key: string, apiVersion: string, kind: string, spec: string) => `apiVersion: ${apiVersion}
kind: ${kind}
metadata: {name: web, namespace: ingress, annotations: {${key}: platform}}
spec: ${spec}
`;
const gateway = annotated(
  "cert-manager.io/cluster-issuer",
  "gateway.networking.k8s.io/v1",
  "Gateway",
  "{listeners: [{name: http, hostname: '*.example.com'}, {name: https, hostname: '*.example.com', tls: {}}]}",
);

/** The cases of the rule `platform-certificates`. */
export const certificatesCases: PlatformCases = {
  violating: [
    {
      title: "a wildcard of an issuer that proves by HTTP alone",
      platform: files(wildcard, issuer(http)),
      violations: [
        `${infrastructureFile}:6 Certificate ingress/gateway asks ClusterIssuer ingress/platform for *.example.com, which has no dns01 solver for it`,
      ],
    },
    {
      title: "a wildcard beside a solver for another domain",
      platform: files(
        wildcard,
        issuer(
          `${http}, {dns01: {}, selector: {dnsZones: [ample.com, shop.example.com], dnsNames: ['*.example.org']}}`,
        ),
      ),
      violations: [
        `${infrastructureFile}:6 Certificate ingress/gateway asks ClusterIssuer ingress/platform for *.example.com, which has no dns01 solver for it`,
      ],
    },
    {
      title: "a common name of an issuer in the same namespace",
      platform: files(
        certificate("[]", "Issuer").replace("dnsNames: []", "commonName: '*.example.com'"),
        issuer(http, "Issuer"),
      ),
      violations: [
        `${infrastructureFile}:6 Certificate ingress/gateway asks Issuer ingress/platform for *.example.com, which has no dns01 solver for it`,
      ],
    },
    {
      title: "a listener with TLS of a Gateway that cert-manager reads",
      platform: files(gateway, issuer(http)),
      violations: [
        `${infrastructureFile}:4 Gateway ingress/web asks ClusterIssuer ingress/platform for *.example.com, which has no dns01 solver for it`,
      ],
    },
    {
      title: "an Ingress that cert-manager reads",
      platform: files(
        annotated("cert-manager.io/issuer", "networking.k8s.io/v1", "Ingress", "{tls: [{hosts: ['*.example.com']}]}"),
        issuer(http, "Issuer"),
      ),
      violations: [
        `${infrastructureFile}:4 Ingress ingress/web asks Issuer ingress/platform for *.example.com, which has no dns01 solver for it`,
      ],
    },
  ],
  clean: [
    { title: "each host by its name", platform: files(certificate("[shop.example.com]"), issuer(http)) },
    { title: "a solver by DNS for all domains", platform: files(wildcard, issuer(`${http}, {dns01: {}}`)) },
    {
      title: "a solver by DNS for the domain",
      platform: files(wildcard, issuer(`${http}, {dns01: {}, selector: {dnsZones: [example.com]}}`)),
    },
    {
      title: "an authority of the cluster's own",
      platform: files(wildcard, issuer(http).replace(/acme: .*\}/, "ca: {secretName: ca}}")),
    },
    {
      title: "an issuer of another namespace",
      platform: files(
        certificate("['*.a.example']", "Issuer"),
        issuer(http, "Issuer").replace("namespace: ingress", "namespace: other"),
      ),
    },
    {
      title: "a Gateway that cert-manager does not read",
      platform: files(gateway.replace("cert-manager.io", "example.com"), issuer(http)),
    },
  ],
};
