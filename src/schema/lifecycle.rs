//! Which API versions are on their way out, and since when: Kubernetes' own, by its deprecation guide, and a few of
//! well-known operators.

/// An API version on its way out.
#[derive(Debug, Clone, Copy)]
pub struct Retired {
    /// As in the manifest.
    pub api_version: &'static str,
    /// The kinds it is about; empty is all of the version.
    pub kinds: &'static [&'static str],
    /// Who decides when it goes.
    pub until: Until,
    /// The `apiVersion` to write instead; empty when there is none.
    pub instead: &'static str,
}

impl Retired {
    /// Whether Kubernetes itself serves it, or did.
    #[must_use]
    pub fn is_built_in(&self) -> bool {
        matches!(self.until, Until::Kubernetes(..))
    }
}

/// When it goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Until {
    /// Minor versions of Kubernetes: deprecated from, no longer served from.
    Kubernetes(u8, Option<u8>),
    /// The version of an operator that no longer serves it.
    Gone(&'static str),
    /// An operator still serves it, and asks to move on.
    Outdated(&'static str),
}

const fn built_in(
    api_version: &'static str,
    kinds: &'static [&'static str],
    (deprecated, removed): (u8, u8),
    instead: &'static str,
) -> Retired {
    Retired { api_version, kinds, until: Until::Kubernetes(deprecated, Some(removed)), instead }
}

const fn custom(
    api_version: &'static str,
    kinds: &'static [&'static str],
    until: Until,
    instead: &'static str,
) -> Retired {
    Retired { api_version, kinds, until, instead }
}

use Until::{Gone, Outdated};

const ADMISSION: &str = "admissionregistration.k8s.io/v1";
const FLOWCONTROL: &str = "flowcontrol.apiserver.k8s.io/v1";
const SECRETS_0_17: Until = Gone("External Secrets 0.17");
const CERTIFICATES_1_6: Until = Gone("cert-manager 1.6");
const FLUX_2_7: Until = Gone("Flux 2.7");

/// Every version that was served by default and is deprecated since Kubernetes 1.16, or gone by then.
pub static RETIRED: &[Retired] = &[
    built_in("extensions/v1beta1", &["DaemonSet", "Deployment", "ReplicaSet"], (8, 16), "apps/v1"),
    built_in("extensions/v1beta1", &["NetworkPolicy"], (9, 16), "networking.k8s.io/v1"),
    built_in("extensions/v1beta1", &["PodSecurityPolicy"], (10, 16), ""),
    built_in("extensions/v1beta1", &["Ingress"], (14, 22), "networking.k8s.io/v1"),
    built_in("apps/v1beta1", &[], (8, 16), "apps/v1"),
    built_in("apps/v1beta2", &[], (9, 16), "apps/v1"),
    built_in("admissionregistration.k8s.io/v1beta1", WEBHOOKS, (16, 22), ADMISSION),
    built_in("admissionregistration.k8s.io/v1beta1", VALIDATING, (31, 34), ADMISSION),
    built_in("admissionregistration.k8s.io/v1beta1", MUTATING, (37, 40), ADMISSION),
    built_in("apiextensions.k8s.io/v1beta1", &[], (16, 22), "apiextensions.k8s.io/v1"),
    built_in("apiregistration.k8s.io/v1beta1", &[], (19, 22), "apiregistration.k8s.io/v1"),
    built_in("authentication.k8s.io/v1beta1", &["TokenReview"], (19, 22), "authentication.k8s.io/v1"),
    built_in("authorization.k8s.io/v1beta1", &[], (19, 22), "authorization.k8s.io/v1"),
    built_in("certificates.k8s.io/v1beta1", SIGNING, (19, 22), "certificates.k8s.io/v1"),
    built_in("coordination.k8s.io/v1beta1", &["Lease"], (19, 22), "coordination.k8s.io/v1"),
    built_in("networking.k8s.io/v1beta1", &["Ingress", "IngressClass"], (19, 22), "networking.k8s.io/v1"),
    built_in("networking.k8s.io/v1beta1", &["IPAddress", "ServiceCIDR"], (34, 37), "networking.k8s.io/v1"),
    built_in("rbac.authorization.k8s.io/v1alpha1", &[], (17, 22), "rbac.authorization.k8s.io/v1"),
    built_in("rbac.authorization.k8s.io/v1beta1", &[], (17, 22), "rbac.authorization.k8s.io/v1"),
    built_in("scheduling.k8s.io/v1alpha1", &["PriorityClass"], (14, 22), "scheduling.k8s.io/v1"),
    built_in("scheduling.k8s.io/v1beta1", &["PriorityClass"], (14, 22), "scheduling.k8s.io/v1"),
    built_in("storage.k8s.io/v1beta1", &["CSINode"], (17, 22), "storage.k8s.io/v1"),
    built_in("storage.k8s.io/v1beta1", STORAGE, (19, 22), "storage.k8s.io/v1"),
    built_in("storage.k8s.io/v1beta1", &["CSIStorageCapacity"], (24, 27), "storage.k8s.io/v1"),
    built_in("storage.k8s.io/v1beta1", &["VolumeAttributesClass"], (34, 37), "storage.k8s.io/v1"),
    built_in("batch/v1beta1", &["CronJob"], (21, 25), "batch/v1"),
    built_in("discovery.k8s.io/v1beta1", &[], (21, 25), "discovery.k8s.io/v1"),
    built_in("events.k8s.io/v1beta1", &[], (22, 25), "events.k8s.io/v1"),
    built_in("autoscaling/v2beta1", &[], (22, 25), "autoscaling/v2"),
    built_in("autoscaling/v2beta2", &[], (23, 26), "autoscaling/v2"),
    built_in("policy/v1beta1", &["PodDisruptionBudget"], (21, 25), "policy/v1"),
    built_in("policy/v1beta1", &["PodSecurityPolicy"], (21, 25), ""),
    built_in("node.k8s.io/v1beta1", &[], (22, 25), "node.k8s.io/v1"),
    built_in("flowcontrol.apiserver.k8s.io/v1beta1", &[], (23, 26), FLOWCONTROL),
    built_in("flowcontrol.apiserver.k8s.io/v1beta2", &[], (26, 29), FLOWCONTROL),
    built_in("flowcontrol.apiserver.k8s.io/v1beta3", &[], (29, 32), FLOWCONTROL),
    built_in("resource.k8s.io/v1beta1", &[], (35, 38), "resource.k8s.io/v1"),
    built_in("resource.k8s.io/v1beta2", &[], (36, 39), "resource.k8s.io/v1"),
    Retired {
        api_version: "v1",
        kinds: &["Endpoints"],
        until: Until::Kubernetes(33, None),
        instead: "discovery.k8s.io/v1 (EndpointSlice)",
    },
    custom("external-secrets.io/v1alpha1", SECRETS, SECRETS_0_17, "external-secrets.io/v1"),
    custom("external-secrets.io/v1beta1", SECRETS, SECRETS_0_17, "external-secrets.io/v1"),
    custom("certmanager.k8s.io/v1alpha1", &[], Gone("cert-manager 0.11"), "cert-manager.io/v1"),
    custom("cert-manager.io/v1alpha2", &[], CERTIFICATES_1_6, "cert-manager.io/v1"),
    custom("cert-manager.io/v1alpha3", &[], CERTIFICATES_1_6, "cert-manager.io/v1"),
    custom("cert-manager.io/v1beta1", &[], CERTIFICATES_1_6, "cert-manager.io/v1"),
    custom("traefik.containo.us/v1alpha1", &[], Gone("Traefik 3"), "traefik.io/v1alpha1"),
    custom("keda.k8s.io/v1alpha1", &[], Gone("KEDA 2"), "keda.sh/v1alpha1"),
    custom("source.toolkit.fluxcd.io/v1beta1", &[], FLUX_2_7, "source.toolkit.fluxcd.io/v1"),
    custom("kustomize.toolkit.fluxcd.io/v1beta1", &[], FLUX_2_7, "kustomize.toolkit.fluxcd.io/v1"),
    custom("helm.toolkit.fluxcd.io/v2beta1", &[], FLUX_2_7, "helm.toolkit.fluxcd.io/v2"),
    custom("autoscaling.k8s.io/v1beta2", &[], Outdated("vertical-pod-autoscaler"), "autoscaling.k8s.io/v1"),
    custom(
        "snapshot.storage.k8s.io/v1beta1",
        &[],
        Gone("external-snapshotter 7"),
        "snapshot.storage.k8s.io/v1",
    ),
];

const WEBHOOKS: &[&str] = &["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"];
const VALIDATING: &[&str] = &["ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding"];
const MUTATING: &[&str] = &["MutatingAdmissionPolicy", "MutatingAdmissionPolicyBinding"];
const SIGNING: &[&str] = &["CertificateSigningRequest"];
const STORAGE: &[&str] = &["CSIDriver", "StorageClass", "VolumeAttachment"];
const SECRETS: &[&str] = &["ExternalSecret", "SecretStore", "ClusterSecretStore", "ClusterExternalSecret"];

/// What is known of the way out of this version of a kind.
#[must_use]
pub fn retired(api_version: &str, kind: &str) -> Option<&'static Retired> {
    let is_it =
        |it: &&Retired| it.api_version == api_version && (it.kinds.is_empty() || it.kinds.contains(&kind));
    RETIRED.iter().find(is_it)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::table::versions;

    #[test]
    fn the_published_documents_agree_on_what_is_served() {
        let mut seen = 0;
        for entry in RETIRED {
            let Until::Kubernetes(_, Some(removed)) = entry.until else { continue };
            for served in versions() {
                let there = served.kinds().any(|(api_version, kind, _, _)| {
                    retired(api_version, kind).is_some_and(|it| std::ptr::eq(it, entry))
                });
                let since_when = (served.minor(), entry.api_version, entry.kinds);
                assert!(!there || served.minor() < removed, "still served: {since_when:?}");
                seen += usize::from(there);
            }
        }
        assert!(seen > 10, "{seen}");
    }

    #[test]
    fn operators_versions_are_not_those_of_kubernetes() {
        let built_in = |api_version, kind| retired(api_version, kind).map(Retired::is_built_in);
        assert_eq!(built_in("extensions/v1beta1", "Ingress"), Some(true));
        assert_eq!(built_in("v1", "Endpoints"), Some(true));
        assert_eq!(built_in("cert-manager.io/v1beta1", "Certificate"), Some(false));
        assert_eq!(built_in("v1", "Pod"), None);
    }

    #[test]
    fn what_goes_has_a_successor_that_the_documents_know() {
        let newest = versions().last().unwrap();
        for entry in RETIRED.iter().filter(|it| !it.instead.is_empty()) {
            let Until::Kubernetes(deprecated, Some(_)) = entry.until else { continue };
            let known = newest.kinds().any(|(api_version, _, _, _)| api_version == entry.instead);
            assert!(known, "{} instead of {}", entry.instead, entry.api_version);
            for kind in entry.kinds.iter().filter(|kind| !kind.ends_with("Policy") || deprecated > 30) {
                assert!(newest.kind(entry.instead, kind).is_some(), "{} {kind}", entry.instead);
            }
        }
    }
}
