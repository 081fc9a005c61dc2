//! What the whole stream says: gathered once, asked by every rule.

use std::borrow::Cow;

use foldhash::{HashMap, HashSet};

use super::object::{Identity, Object};
use super::selector::{Selector, SelectorIndex};
use super::template;
use super::workload::{self, Workload};
use crate::yaml::stream::Content;
use crate::yaml::{Route, Stream, Value};

/// Marks configuration of kustomize and kpt themselves: no object of the release.
const LOCAL_CONFIG: &str = "config.kubernetes.io/local-config";

/// What the caller knows about the release beyond the stream.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scope {
    /// The namespace objects without one go to.
    pub namespace: Option<String>,
    /// The release's name.
    pub name: Option<String>,
    /// The policy vouches that the stream holds all there is (bindings included).
    pub complete: bool,
    /// The stream is no release but the Helm values file of this name.
    pub values: Option<String>,
}

/// The kind that Helm values have in policies and reports. They have no `apiVersion`.
pub const VALUES: &str = "Values";

/// A horizontal pod autoscaler's bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Autoscaler {
    /// Number of its object.
    pub object: usize,
    /// `minReplicas`; absent is 1.
    pub min: i64,
    /// `maxReplicas`.
    pub max: Option<i64>,
}

/// The objects of a stream and the facts rules ask for.
#[derive(Debug, Default)]
pub struct Release<'a> {
    /// In the order of the stream, items of lists one by one.
    pub objects: Vec<Object<'a>>,
    /// In the order of the stream.
    pub workloads: Vec<Workload<'a>>,
    /// The texts of documents that were left unparsed, because no rule looks into their kind.
    pub unread: Vec<&'a str>,
    /// What the caller knows.
    pub scope: Scope,
    services: SelectorIndex<'a>,
    budgets: SelectorIndex<'a>,
    autoscalers: HashMap<(String, String, String), Vec<Autoscaler>>,
    accounts: HashMap<(String, String), usize>,
    bound: HashSet<(String, String)>,
    bound_names: HashSet<String>,
    bound_groups: HashSet<String>,
    claims: HashMap<(String, String), usize>,
    vertical: HashSet<(String, String, String)>,
    namespaced: HashMap<(&'static str, String), Vec<usize>>,
    budget_names: HashSet<(String, String)>,
    picked: HashMap<usize, Picked>,
}

/// The workloads that a disruption budget selects.
#[derive(Debug, Default)]
struct Picked {
    numbers: Vec<usize>,
    /// The fewest pods they ever have together.
    fewest: i64,
}

impl<'a> Release<'a> {
    /// Gathers the facts of a stream.
    #[must_use]
    pub fn gather(stream: &'a Stream, scope: Scope) -> Self {
        let mut release = Self { scope, ..Self::default() };
        for (number, document) in stream.documents.iter().enumerate() {
            let Some(root) = stream.root(document) else {
                if matches!(document.content, Content::Skipped(_)) {
                    release.unread.push(stream.body(document));
                }
                continue;
            };
            let source = template::from_comment(stream.body(document));
            let place = DocumentPlace { number, line: document.line, source };
            match release.scope.values.clone() {
                Some(name) => release.take_values(root, name, &place),
                None => release.take(root, &Route::root(), &place),
            }
        }
        for number in 0..release.objects.len() {
            let found = workload::of(&release.objects[number]);
            release.workloads.extend(found);
            release.learn(number);
        }
        release.pick();
        release
    }

    /// Notes which workloads each budget selects.
    fn pick(&mut self) {
        if self.budget_names.is_empty() {
            return;
        }
        let mut picked: HashMap<usize, Picked> = HashMap::default();
        for (number, workload) in self.workloads.iter().enumerate() {
            let mut budgets = self.budgets_of(workload).peekable();
            let fewest = budgets.peek().map(|_| self.fewest_replicas(self.object_of(workload)));
            for budget in budgets {
                let own = picked.entry(budget.number).or_default();
                own.numbers.push(number);
                own.fewest += fewest.unwrap_or_default();
            }
        }
        self.picked = picked;
    }

    fn take_values(&mut self, value: Value<'a>, name: String, place: &DocumentPlace<'a>) {
        let id = Identity { api_version: String::new(), kind: VALUES.to_owned(), namespace: None, name };
        self.objects.push(Object {
            number: self.objects.len(),
            id,
            document: place.number,
            route: Route::root(),
            value,
            template: None,
            document_line: place.line,
        });
    }

    fn take(&mut self, value: Value<'a>, route: &Route, place: &DocumentPlace<'a>) {
        let text = |key: &str| value.get(key).and_then(Value::as_str);
        let (Some(api_version), Some(kind)) = (text("apiVersion"), text("kind")) else { return };
        if let Some(items) = value.get("items").filter(|items| kind.ends_with("List") && items.is_seq()) {
            for (index, item) in items.items().enumerate() {
                self.take(item, &route.key("items").index(index), place);
            }
            return;
        }
        let metadata = value.get("metadata");
        let below = |map: Option<Value<'a>>, key: &str| map?.get(key)?.as_str();
        let annotations = metadata.and_then(|metadata| metadata.get("annotations"));
        if kind == "Kptfile" || below(annotations, LOCAL_CONFIG).as_deref() == Some("true") {
            return;
        }
        let namespace = below(metadata, "namespace").map(Cow::into_owned).filter(|it| !it.is_empty());
        let id = Identity {
            api_version: api_version.into_owned(),
            kind: kind.into_owned(),
            namespace: namespace.or_else(|| self.scope.namespace.clone()),
            name: below(metadata, "name").unwrap_or_default().into_owned(),
        };
        let template = below(annotations, template::HELM4_FILE).or(place.source.map(Cow::Borrowed));
        self.objects.push(Object {
            number: self.objects.len(),
            id,
            document: place.number,
            route: route.clone(),
            value,
            template,
            document_line: place.line,
        });
    }

    fn learn(&mut self, number: usize) {
        let object = &self.objects[number];
        let namespace = || object.id.namespace.clone().unwrap_or_default();
        let name = || object.id.name.clone();
        match (object.group(), object.id.kind.as_str()) {
            ("", "Service") => {
                let selector = object.value.path("spec.selector").map(Selector::plain);
                if let Some(selector) = selector.filter(|selector| !selector.is_empty()) {
                    self.services.add(&namespace(), number, selector);
                }
            }
            ("policy", "PodDisruptionBudget") => {
                if let Some(selector) = object.value.path("spec.selector").map(Selector::full) {
                    self.budgets.add(&namespace(), number, selector);
                }
                self.budget_names.insert((namespace(), name()));
            }
            ("", "ServiceAccount") => drop(self.accounts.insert((namespace(), name()), number)),
            ("", "PersistentVolumeClaim") => drop(self.claims.insert((namespace(), name()), number)),
            ("", "LimitRange") => {
                self.namespaced.entry(("LimitRange", namespace())).or_default().push(number)
            }
            ("", "ResourceQuota") => {
                self.namespaced.entry(("ResourceQuota", namespace())).or_default().push(number)
            }
            ("autoscaling", "HorizontalPodAutoscaler") | ("keda.sh", "ScaledObject") => {
                self.learn_autoscaler(number, namespace())
            }
            ("autoscaling.k8s.io", "VerticalPodAutoscaler") => self.learn_vertical(number, namespace()),
            ("rbac.authorization.k8s.io", "RoleBinding" | "ClusterRoleBinding") => self.learn_binding(number),
            _ => {}
        }
    }

    fn learn_autoscaler(&mut self, number: usize, namespace: String) {
        let Some(spec) = self.objects[number].value.get("spec") else { return };
        let Some(target) = spec.get("scaleTargetRef") else { return };
        let text = |key: &str| target.get(key).and_then(Value::as_str);
        let kind = text("kind").unwrap_or("Deployment".into()).into_owned();
        let Some(name) = text("name") else { return };
        let count =
            |key: &str, other: &str| spec.get(key).or_else(|| spec.get(other)).and_then(Value::as_i64);
        let min = count("minReplicas", "minReplicaCount");
        let max = count("maxReplicas", "maxReplicaCount");
        let autoscaler = Autoscaler { object: number, min: min.unwrap_or(1), max };
        self.autoscalers.entry((namespace, kind, name.into_owned())).or_default().push(autoscaler);
    }

    fn learn_vertical(&mut self, number: usize, namespace: String) {
        let Some(spec) = self.objects[number].value.get("spec") else { return };
        let text = |path: &str| spec.path(path).and_then(Value::as_str).map(Cow::into_owned);
        let (Some(kind), Some(name)) = (text("targetRef.kind"), text("targetRef.name")) else { return };
        if text("updatePolicy.updateMode").as_deref() != Some("Off") {
            self.vertical.insert((namespace, kind, name));
        }
    }

    fn learn_binding(&mut self, number: usize) {
        let object = &self.objects[number];
        let own = object.id.namespace.clone().unwrap_or_default();
        for subject in object.value.get("subjects").into_iter().flat_map(Value::items) {
            let text = |key: &str| subject.get(key).and_then(Value::as_str).map(Cow::into_owned);
            match (text("kind").as_deref(), text("name")) {
                (Some("ServiceAccount"), Some(name)) => {
                    self.bound_names.insert(name.clone());
                    self.bound.insert((text("namespace").unwrap_or_else(|| own.clone()), name));
                }
                (Some("Group"), Some(name)) => drop(self.bound_groups.insert(name)),
                (Some("User"), Some(name)) => {
                    if let Some((namespace, account)) =
                        name.strip_prefix("system:serviceaccount:").and_then(|rest| rest.split_once(':'))
                    {
                        self.bound_names.insert(account.to_owned());
                        self.bound.insert((namespace.to_owned(), account.to_owned()));
                    }
                }
                _ => {}
            }
        }
    }

    /// The object a workload belongs to.
    #[must_use]
    pub fn object_of(&self, workload: &Workload<'_>) -> &Object<'a> {
        &self.objects[workload.object]
    }

    /// The namespace a workload's pods run in; empty when unknown.
    #[must_use]
    pub fn namespace_of(&self, workload: &Workload<'_>) -> &str {
        self.object_of(workload).id.namespace.as_deref().unwrap_or_default()
    }

    /// Services that select the workload's pods.
    pub fn services_of(&self, workload: &Workload<'_>) -> impl Iterator<Item = &Object<'a>> {
        let numbers = self.services.selecting(self.namespace_of(workload), &workload.labels);
        numbers.into_iter().map(|number| &self.objects[number])
    }

    /// Disruption budgets that select the workload's pods.
    pub fn budgets_of(&self, workload: &Workload<'_>) -> impl Iterator<Item = &Object<'a>> {
        let numbers = self.budgets.selecting(self.namespace_of(workload), &workload.labels);
        numbers.into_iter().map(|number| &self.objects[number])
    }

    /// Autoscalers whose target is this object.
    #[must_use]
    pub fn autoscalers_of(&self, object: &Object<'_>) -> &[Autoscaler] {
        let namespace = object.id.namespace.clone().unwrap_or_default();
        let key = (namespace, object.id.kind.clone(), object.id.name.clone());
        self.autoscalers.get(&key).map_or(&[], Vec::as_slice)
    }

    /// The fewest pods the workload ever has: an autoscaler's minimum, else `spec.replicas`, else 1.
    #[must_use]
    pub fn fewest_replicas(&self, object: &Object<'_>) -> i64 {
        let scaled = self.autoscalers_of(object).iter().map(|autoscaler| autoscaler.min).min();
        let written = object.value.path("spec.replicas").and_then(Value::as_i64);
        scaled.or(written).unwrap_or(1)
    }

    /// The ServiceAccount object of that name, if the stream holds it.
    #[must_use]
    pub fn account(&self, namespace: &str, name: &str) -> Option<&Object<'a>> {
        let number = self.accounts.get(&(namespace.to_owned(), name.to_owned()))?;
        self.objects.get(*number)
    }

    /// Whether a binding in the stream names the account, or a group it is in.
    #[must_use]
    pub fn is_bound(&self, namespace: &str, name: &str) -> bool {
        let named = |space: &str| self.bound.contains(&(space.to_owned(), name.to_owned()));
        let grouped = |group: &str| self.bound_groups.contains(group);
        named(namespace)
            || named("")
            || (namespace.is_empty() && self.bound_names.contains(name))
            || grouped("system:serviceaccounts")
            || grouped("system:authenticated")
            || grouped(&format!("system:serviceaccounts:{namespace}"))
    }

    /// Whether a vertical autoscaler sets the requests of this object's pods.
    #[must_use]
    pub fn is_scaled_vertically(&self, object: &Object<'_>) -> bool {
        let namespace = object.id.namespace.clone().unwrap_or_default();
        self.vertical.contains(&(namespace, object.id.kind.clone(), object.id.name.clone()))
    }

    /// The `LimitRange`s or `ResourceQuota`s of a namespace, in the order of the stream.
    pub fn limits_of(&self, kind: &'static str, namespace: &str) -> impl Iterator<Item = &Object<'a>> {
        let numbers = self.namespaced.get(&(kind, namespace.to_owned()));
        numbers.into_iter().flatten().map(|number| &self.objects[*number])
    }

    /// The workloads whose pods a disruption budget selects, in the order of the stream.
    pub fn workloads_under(&self, budget: &Object<'_>) -> impl Iterator<Item = &Workload<'a>> {
        let numbers = self.picked.get(&budget.number);
        numbers.into_iter().flat_map(|own| &own.numbers).map(|number| &self.workloads[*number])
    }

    /// The fewest pods that a disruption budget ever looks after; `None` when it selects none of the workloads.
    #[must_use]
    pub fn fewest_under(&self, budget: &Object<'_>) -> Option<i64> {
        self.picked.get(&budget.number).map(|own| own.fewest)
    }

    /// Whether the stream holds a disruption budget of that name.
    #[must_use]
    pub fn has_budget(&self, namespace: &str, name: &str) -> bool {
        self.budget_names.contains(&(namespace.to_owned(), name.to_owned()))
    }

    /// The workloads of an object, in the order of its pod paths.
    #[must_use]
    pub fn workloads_of(&self, object: &Object<'_>) -> &[Workload<'a>] {
        let from = self.workloads.partition_point(|workload| workload.object < object.number);
        let own = self.workloads[from..].iter().take_while(|workload| workload.object == object.number);
        &self.workloads[from..from + own.count()]
    }

    /// The claim of that name, if the stream holds it.
    #[must_use]
    pub fn claim(&self, namespace: &str, name: &str) -> Option<&Object<'a>> {
        let number = self.claims.get(&(namespace.to_owned(), name.to_owned()))?;
        self.objects.get(*number)
    }
}

struct DocumentPlace<'a> {
    number: usize,
    line: usize,
    source: Option<&'a str>,
}
