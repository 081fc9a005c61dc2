//! Where pod specs are: kind by kind, as data.

/// What stands at a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// A pod template: `metadata` beside a whole pod spec in `spec`. Judged and fixed.
    Template,
    /// A pod template of a kind whose controller refuses or rewrites parts of it: judged by eye, never fixed.
    TemplateOfOthers,
    /// Part of a pod spec or bare containers that an operator completes: only what it states outright is reported.
    Part,
}

/// Where a kind keeps its pods.
#[derive(Debug, Clone, Copy)]
pub struct PodPath {
    /// API group, empty for the core group.
    pub group: &'static str,
    /// Kind.
    pub kind: &'static str,
    /// Keys from the object: `[]` goes into every item of a list, `*` into every value of a map; a word may end in
    /// `*`-prefixed text (`*ReplicaSpecs`) to name every key with that ending. Empty for the object itself.
    pub path: &'static str,
    /// What stands there.
    pub shape: Shape,
}

const fn at(group: &'static str, kind: &'static str, path: &'static str, shape: Shape) -> PodPath {
    PodPath { group, kind, path, shape }
}

use Shape::{Part, Template, TemplateOfOthers};

const ARGO: &str = "argoproj.io";
const KRUISE: &str = "apps.kruise.io";
const RAY: &str = "ray.io";
const MONITORING: &str = "monitoring.coreos.com";
const TEKTON: &str = "tekton.dev";

/// Every kind hardtack looks into. Group and kind together: `Job` is also Volcano's, `Service` also Knative's.
pub const POD_PATHS: &[PodPath] = &[
    at("", "Pod", "", Template),
    at("", "PodTemplate", "template", Template),
    at("", "ReplicationController", "spec.template", Template),
    at("apps", "Deployment", "spec.template", Template),
    at("apps", "ReplicaSet", "spec.template", Template),
    at("apps", "DaemonSet", "spec.template", Template),
    at("apps", "StatefulSet", "spec.template", Template),
    at("batch", "Job", "spec.template", Template),
    at("batch", "CronJob", "spec.jobTemplate.spec.template", Template),
    at(ARGO, "Rollout", "spec.template", Template),
    at(ARGO, "Experiment", "spec.templates[].template", Template),
    at(ARGO, "AnalysisTemplate", "spec.metrics[].provider.job.spec.template", Template),
    at(ARGO, "ClusterAnalysisTemplate", "spec.metrics[].provider.job.spec.template", Template),
    at(ARGO, "AnalysisRun", "spec.metrics[].provider.job.spec.template", Template),
    at(ARGO, "Workflow", "spec", Part),
    at(ARGO, "Workflow", "spec.templates[]", Part),
    at(ARGO, "Workflow", "spec.templateDefaults", Part),
    at(ARGO, "WorkflowTemplate", "spec", Part),
    at(ARGO, "WorkflowTemplate", "spec.templates[]", Part),
    at(ARGO, "WorkflowTemplate", "spec.templateDefaults", Part),
    at(ARGO, "ClusterWorkflowTemplate", "spec", Part),
    at(ARGO, "ClusterWorkflowTemplate", "spec.templates[]", Part),
    at(ARGO, "ClusterWorkflowTemplate", "spec.templateDefaults", Part),
    at(ARGO, "CronWorkflow", "spec.workflowSpec", Part),
    at(ARGO, "CronWorkflow", "spec.workflowSpec.templates[]", Part),
    at(ARGO, "CronWorkflow", "spec.workflowSpec.templateDefaults", Part),
    at("serving.knative.dev", "Service", "spec.template", TemplateOfOthers),
    at("serving.knative.dev", "Configuration", "spec.template", TemplateOfOthers),
    at("serving.knative.dev", "Revision", "", TemplateOfOthers),
    at(KRUISE, "CloneSet", "spec.template", Template),
    at(KRUISE, "DaemonSet", "spec.template", Template),
    at(KRUISE, "StatefulSet", "spec.template", Template),
    at(KRUISE, "BroadcastJob", "spec.template", Template),
    at(KRUISE, "UnitedDeployment", "spec.template.statefulSetTemplate.spec.template", Template),
    at(KRUISE, "UnitedDeployment", "spec.template.advancedStatefulSetTemplate.spec.template", Template),
    at(KRUISE, "UnitedDeployment", "spec.template.cloneSetTemplate.spec.template", Template),
    at(KRUISE, "UnitedDeployment", "spec.template.deploymentTemplate.spec.template", Template),
    at(KRUISE, "AdvancedCronJob", "spec.template.jobTemplate.spec.template", Template),
    at(KRUISE, "AdvancedCronJob", "spec.template.broadcastJobTemplate.spec.template", Template),
    at(KRUISE, "SidecarSet", "spec", Part),
    at("apps.openshift.io", "DeploymentConfig", "spec.template", Template),
    at(RAY, "RayCluster", "spec.headGroupSpec.template", Template),
    at(RAY, "RayCluster", "spec.workerGroupSpecs[].template", Template),
    at(RAY, "RayJob", "spec.rayClusterSpec.headGroupSpec.template", Template),
    at(RAY, "RayJob", "spec.rayClusterSpec.workerGroupSpecs[].template", Template),
    at(RAY, "RayJob", "spec.submitterPodTemplate", Template),
    at(RAY, "RayService", "spec.rayClusterConfig.headGroupSpec.template", Template),
    at(RAY, "RayService", "spec.rayClusterConfig.workerGroupSpecs[].template", Template),
    at("batch.volcano.sh", "Job", "spec.tasks[].template", Template),
    at("postgresql.cnpg.io", "Pooler", "spec.template", TemplateOfOthers),
    at("grafana.integreatly.org", "Grafana", "spec.deployment.spec.template", TemplateOfOthers),
    at("rabbitmq.com", "RabbitmqCluster", "spec.override.statefulSet.spec.template", TemplateOfOthers),
    at(MONITORING, "Prometheus", "spec", Part),
    at(MONITORING, "PrometheusAgent", "spec", Part),
    at(MONITORING, "Alertmanager", "spec", Part),
    at(MONITORING, "ThanosRuler", "spec", Part),
    at("monitoring.grafana.com", "GrafanaAgent", "spec", Part),
    at("minio.min.io", "Tenant", "spec", Part),
    at("gateway.envoyproxy.io", "EnvoyProxy", "spec.provider.kubernetes.envoyDeployment.pod", Part),
    at("gateway.envoyproxy.io", "EnvoyProxy", "spec.provider.kubernetes.envoyDeployment", Part),
    at(TEKTON, "Task", "spec", Part),
    at(TEKTON, "TaskRun", "spec.taskSpec", Part),
    at(TEKTON, "TaskRun", "spec.podTemplate", Part),
    at(TEKTON, "PipelineRun", "spec.taskRunTemplate.podTemplate", Part),
    at("jobset.x-k8s.io", "JobSet", "spec.replicatedJobs[].template.spec.template", TemplateOfOthers),
    at(
        "leaderworkerset.x-k8s.io",
        "LeaderWorkerSet",
        "spec.leaderWorkerTemplate.leaderTemplate",
        TemplateOfOthers,
    ),
    at(
        "leaderworkerset.x-k8s.io",
        "LeaderWorkerSet",
        "spec.leaderWorkerTemplate.workerTemplate",
        TemplateOfOthers,
    ),
    at("kubeflow.org", "PyTorchJob", "spec.*ReplicaSpecs.*.template", TemplateOfOthers),
    at("kubeflow.org", "TFJob", "spec.*ReplicaSpecs.*.template", TemplateOfOthers),
    at("kubeflow.org", "MPIJob", "spec.*ReplicaSpecs.*.template", TemplateOfOthers),
    at("kubeflow.org", "XGBoostJob", "spec.*ReplicaSpecs.*.template", TemplateOfOthers),
    at("kubeflow.org", "PaddleJob", "spec.*ReplicaSpecs.*.template", TemplateOfOthers),
    at("keda.sh", "ScaledJob", "spec.jobTargetRef.template", TemplateOfOthers),
    at("flink.apache.org", "FlinkDeployment", "spec.podTemplate", TemplateOfOthers),
    at("flink.apache.org", "FlinkDeployment", "spec.jobManager.podTemplate", TemplateOfOthers),
    at("flink.apache.org", "FlinkDeployment", "spec.taskManager.podTemplate", TemplateOfOthers),
    at("sparkoperator.k8s.io", "SparkApplication", "spec.driver", Part),
    at("sparkoperator.k8s.io", "SparkApplication", "spec.executor", Part),
    at("elasticsearch.k8s.elastic.co", "Elasticsearch", "spec.nodeSets[].podTemplate", TemplateOfOthers),
    at("kibana.k8s.elastic.co", "Kibana", "spec.podTemplate", TemplateOfOthers),
    at("extensions.agents.x-k8s.io", "SandboxTemplate", "spec.podTemplate", TemplateOfOthers),
];
