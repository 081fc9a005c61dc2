{{- define "bytebot-agent.name" -}}
{{- printf "%s-agent" .Release.Name | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- define "bytebot-agent.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end -}}

{{- define "bytebot-agent.secretName" -}}
{{ .Values.secret.existing | default (include "bytebot-agent.name" .) }}
{{- end -}}

{{- define "bytebot-agent.selectorLabels" -}}
app.kubernetes.io/name: bytebot-agent
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "bytebot-agent.labels" -}}
{{ include "bytebot-agent.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/part-of: bytebot
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end -}}
