//! The real programs that the tests run, and their versions.

/// A program that `go install` builds.
pub struct Program {
    /// Its name in `target/tools/bin`.
    pub name: &'static str,
    /// The package of its `main`, whose last element is what Go calls the binary.
    pub package: &'static str,
    /// The version of its module.
    pub version: &'static str,
    /// String variables that its own release build sets with `-X`.
    pub variables: &'static [(&'static str, &'static str)],
}

/// Every program, in the order of their installation.
pub const PROGRAMS: &[Program] = &[
    Program {
        name: "helm3",
        package: "helm.sh/helm/v3/cmd/helm",
        version: "v3.22.0",
        variables: &[
            ("helm.sh/helm/v3/internal/version.version", "v3.22.0"),
            ("helm.sh/helm/v3/internal/version.metadata", ""),
            // Helm's Makefile takes these from client-go; without them charts are told of Kubernetes 1.20.
            ("helm.sh/helm/v3/pkg/chartutil.k8sVersionMajor", "1"),
            ("helm.sh/helm/v3/pkg/chartutil.k8sVersionMinor", "37"),
            ("helm.sh/helm/v3/pkg/lint/rules.k8sVersionMajor", "1"),
            ("helm.sh/helm/v3/pkg/lint/rules.k8sVersionMinor", "37"),
        ],
    },
    Program {
        name: "helm4",
        package: "helm.sh/helm/v4/cmd/helm",
        version: "v4.3.1",
        variables: &[
            ("helm.sh/helm/v4/internal/version.version", "v4.3.1"),
            ("helm.sh/helm/v4/internal/version.metadata", ""),
        ],
    },
    Program {
        name: "kustomize",
        package: "sigs.k8s.io/kustomize/kustomize/v5",
        version: "v5.7.1",
        variables: &[("sigs.k8s.io/kustomize/api/provenance.version", "v5.7.1")],
    },
    Program { name: "yq", package: "github.com/mikefarah/yq/v4", version: "v4.54.1", variables: &[] },
    Program {
        name: "kubeconform",
        package: "github.com/yannh/kubeconform/cmd/kubeconform",
        version: "v0.8.0",
        variables: &[("main.version", "v0.8.0")],
    },
    Program {
        name: "kube-score",
        package: "github.com/zegl/kube-score/cmd/kube-score",
        version: "v1.20.0",
        variables: &[("main.version", "1.20.0")],
    },
    Program {
        name: "conftest",
        package: "github.com/open-policy-agent/conftest",
        version: "v0.71.1",
        variables: &[],
    },
    Program {
        name: "kubeseal",
        package: "github.com/bitnami-labs/sealed-secrets/cmd/kubeseal",
        version: "v0.36.6",
        variables: &[("main.VERSION", "v0.36.6")],
    },
    Program {
        name: "sops",
        package: "github.com/getsops/sops/v3/cmd/sops",
        version: "v3.13.3",
        variables: &[],
    },
    Program { name: "age", package: "filippo.io/age/cmd/age", version: "v1.3.2", variables: &[] },
    Program {
        name: "age-keygen",
        package: "filippo.io/age/cmd/age-keygen",
        version: "v1.3.2",
        variables: &[],
    },
];

/// Programs that no Go module proxy has: linked from where the machine has them, else said to be absent.
pub const FOUND: &[(&str, &[&str])] =
    &[("kpt", &["/usr/lib/google-cloud-sdk/bin/kpt", "/usr/local/bin/kpt", "/usr/bin/kpt"])];
