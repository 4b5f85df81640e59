/** Templates that only put values into texts. */
export function allowedTemplates(): Readonly<Record<string, string>> {
  return {
    url: "postgres://{{ .user }}:{{ .password | toString }}@db:5432/shop",
    "tls.crt": '{{ index . "tls.crt" | filterPEM "CERTIFICATE" | filterCertChain "leaf" }}',
    ".dockerconfigjson":
      '{"auths":{"registry.example.com":{"auth":"{{ (printf "%s:%s" .username .password) | b64enc }}"}}}',
    "app.yaml":
      "{{- if .token }}\ntoken: {{ .token | quote }}\n{{- else }}\ntoken: none\n{{- end }}\nnested: {a: {b: 1}}\n",
    "ca.yaml": "ca: |{{ .ca | b64dec | nindent 2 | trim }}\nkey: |{{ .key | indent 2 }}\n",
    plain: "{ not an action }",
  };
}

/** Templates that take memory or time of the one worker that renders those of all tenants. */
export function costlyTemplates(): readonly string[] {
  return [
    "{{ range until 2000000000 }}x{{ end }}",
    "{{- range $i := untilStep 0 2000000000 1 -}}x{{- end -}}",
    "{{ range 2000000000 }}{{ end }}",
    "{{ repeat 2000000000 .a }}",
    '{{ printf "%2000000000d" 1 }}',
    '{{ printf "%*d" 2000000000 1 }}',
    "{{ .a | indent 2000000000 }}",
    '{{ .a | replace "" .a | replace "" .a }}',
    '{{ genPrivateKey "rsa" }}',
    '{{ genCA "ca" 1 }}',
    "{{ htpasswd .a .b }}",
    "{{ .a | pkcs12key }}",
    '{{ define "a" }}{{ template "a" }}{{ template "a" }}{{ end }}{{ template "a" }}',
    '{{ block "a" . }}{{ end }}',
    "{{ randAlphaNum 2000000000 }}",
    "{{ .a | quote | quote | quote | quote }}",
    "{{ .a | indent 9 | indent 9 }}",
    "{{ .a|nindent 9 | upper |indent 9 }}",
    "{{/* a */}}{{ until 2000000000 }}",
    "{a{{ until 2000000000 }}",
    "{{ .a }}}}{{until 2000000000}}",
    '{{ "{{" }}{{ until 2000000000 }}',
    "{{`}}`}}{{ until 2000000000 }}",
    "{{ .a\n| repeat 2000000000 }}",
    "{{",
    "{{ .a }}".repeat(51),
  ];
}
