package main

import (
	"encoding/json"
	"fmt"
	"sync"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes/scheme"
	"k8s.io/pod-security-admission/admission"
	"k8s.io/pod-security-admission/api"
	"k8s.io/pod-security-admission/policy"
)

// verdict lists the ids of the checks that refuse a pod, by level.
type verdict map[api.Level][]string

type podJudgement struct {
	Kind     string             `json:"kind"`
	Verdicts map[string]verdict `json:"verdicts"`
}

var evaluator = sync.OnceValues(func() (policy.Evaluator, error) {
	return policy.NewEvaluator(namedChecks(), nil)
})

// namedChecks returns Kubernetes' checks, each telling its id as the reason of a refusal: upstream's results do not carry it.
func namedChecks() []policy.Check {
	checks := policy.DefaultChecks()
	for i := range checks {
		id := string(checks[i].ID)
		versions := make([]policy.VersionedCheck, len(checks[i].Versions))
		for j, version := range checks[i].Versions {
			original := version.CheckPod
			version.CheckPod = func(meta *metav1.ObjectMeta, spec *corev1.PodSpec) policy.CheckResult {
				result := original(meta, spec)
				result.ForbiddenReason = id
				return result
			}
			versions[j] = version
		}
		checks[i].Versions = versions
	}
	return checks
}

func judgePod(req request, text []byte) (*podJudgement, error) {
	kind, meta, spec, err := podOf(req, text)
	if err != nil {
		return nil, err
	}
	if spec == nil {
		return nil, fmt.Errorf("%s without a pod template", kind)
	}
	judge, err := evaluator()
	if err != nil {
		return nil, err
	}
	names := req.Versions
	if len(names) == 0 {
		names = allVersions()
	}
	result := &podJudgement{Kind: kind, Verdicts: map[string]verdict{}}
	for _, name := range names {
		version, err := parseVersion(name)
		if err != nil {
			return nil, err
		}
		result.Verdicts[name] = verdictAt(judge, version, meta, spec)
	}
	return result, nil
}

func verdictAt(judge policy.Evaluator, version api.Version, meta *metav1.ObjectMeta, spec *corev1.PodSpec) verdict {
	refusals := verdict{}
	for _, level := range []api.Level{api.LevelBaseline, api.LevelRestricted} {
		ids := []string{}
		for _, result := range judge.EvaluatePod(api.LevelVersion{Level: level, Version: version}, meta, spec) {
			if !result.Allowed {
				ids = append(ids, result.ForbiddenReason)
			}
		}
		refusals[level] = ids
	}
	return refusals
}

func podOf(req request, text []byte) (string, *metav1.ObjectMeta, *corev1.PodSpec, error) {
	document, err := readYAML(text)
	if err != nil {
		return "", nil, nil, err
	}
	if req.As == "podSpec" {
		document, err = json.Marshal(map[string]any{
			"apiVersion": "v1", "kind": "Pod",
			"metadata": map[string]any{"annotations": req.Annotations},
			"spec":     document,
		})
		if err != nil {
			return "", nil, nil, err
		}
	}
	object, identity, err := scheme.Codecs.UniversalDeserializer().Decode(document, nil, nil)
	if err != nil {
		return "", nil, nil, err
	}
	meta, spec, err := admission.DefaultPodSpecExtractor{}.ExtractPodSpec(object)
	if spec != nil {
		setDefaults(spec)
	}
	return identity.Kind, meta, spec, err
}

// setDefaults does what the API server does before it asks the library, as far as a check can tell: a volume
// without a source is an emptyDir.
func setDefaults(spec *corev1.PodSpec) {
	for i := range spec.Volumes {
		if spec.Volumes[i].VolumeSource == (corev1.VolumeSource{}) {
			spec.Volumes[i].EmptyDir = &corev1.EmptyDirVolumeSource{}
		}
	}
}

// allVersions ends with the last version that has rules of its own: later ones are judged like it.
func allVersions() []string {
	newest := 0
	for _, check := range policy.DefaultChecks() {
		newest = max(newest, check.Versions[len(check.Versions)-1].MinimumVersion.Minor())
	}
	names := make([]string, 0, newest+1)
	for minor := range newest + 1 {
		names = append(names, fmt.Sprintf("1.%d", minor))
	}
	return names
}

func parseVersion(name string) (api.Version, error) {
	if name == "latest" {
		return api.LatestVersion(), nil
	}
	return api.ParseVersion("v" + name)
}
