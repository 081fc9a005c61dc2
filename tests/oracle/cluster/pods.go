package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"
)

// template is where a kind keeps its pods.
type template struct {
	group, resource, kind string
	route                 []string
}

var templates = []template{
	{"apps/v1", "daemonsets", "DaemonSet", []string{"spec", "template"}},
	{"apps/v1", "deployments", "Deployment", []string{"spec", "template"}},
	{"apps/v1", "statefulsets", "StatefulSet", []string{"spec", "template"}},
	{"batch/v1", "cronjobs", "CronJob", []string{"spec", "jobTemplate", "spec", "template"}},
	{"batch/v1", "jobs", "Job", []string{"spec", "template"}},
}

// enforce creates a namespace that refuses every pod that is not restricted.
func enforce(kubeconfig, namespace string) error {
	server, err := connect(kubeconfig)
	if err != nil {
		return err
	}
	body, err := json.Marshal(map[string]any{
		"apiVersion": "v1", "kind": "Namespace",
		"metadata": map[string]any{
			"name":   namespace,
			"labels": map[string]string{"pod-security.kubernetes.io/enforce": "restricted"},
		},
	})
	if err != nil {
		return err
	}
	answer, err := server.do("POST", "/api/v1/namespaces", body)
	if err != nil {
		return err
	}
	if answer.code != http.StatusCreated {
		return fmt.Errorf("namespace %s: HTTP %d: %s", namespace, answer.code, answer.body)
	}
	return nil
}

// judgePods asks, for each workload of a namespace, whether its controller could create its pod.
func judgePods(kubeconfig, namespace string, out io.Writer) error {
	server, err := connect(kubeconfig)
	if err != nil {
		return err
	}
	encoder := json.NewEncoder(out)
	for _, template := range templates {
		owners, err := server.list(template, namespace)
		if err != nil {
			return err
		}
		for _, owner := range owners {
			result, err := server.judgePod(template, namespace, owner)
			if err != nil {
				return err
			}
			if err := encoder.Encode(result); err != nil {
				return err
			}
		}
	}
	return nil
}

// playJobs stands in for the controller of Jobs until its input ends: a Job whose pod the server would take
// completes, any other waits for ever, as it would in a cluster.
func playJobs(kubeconfig, namespace string, in io.Reader, out io.Writer) error {
	server, err := connect(kubeconfig)
	if err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() {
		_, err := io.Copy(io.Discard, in)
		ended <- err
	}()
	jobs := templates[len(templates)-1]
	seen := map[string]bool{}
	encoder := json.NewEncoder(out)
	for {
		select {
		case err := <-ended:
			return err
		case <-time.After(100 * time.Millisecond):
		}
		owners, err := server.list(jobs, namespace)
		if err != nil {
			return err
		}
		for _, owner := range owners {
			if seen[owner.Metadata.UID] {
				continue
			}
			seen[owner.Metadata.UID] = true
			result, err := server.judgePod(jobs, namespace, owner)
			if err != nil {
				return err
			}
			if err := encoder.Encode(result); err != nil {
				return err
			}
			if result.Verdict != "accepted" {
				continue
			}
			if err := server.complete(namespace, owner.Metadata.Name); err != nil {
				return err
			}
		}
	}
}

type owner struct {
	Metadata struct {
		Name string `json:"name"`
		UID  string `json:"uid"`
	} `json:"metadata"`
	Spec map[string]any `json:"spec"`
}

func (s *server) list(template template, namespace string) ([]owner, error) {
	answer, err := s.do("GET", fmt.Sprintf("/apis/%s/namespaces/%s/%s", template.group, namespace, template.resource), nil)
	if err != nil {
		return nil, err
	}
	if answer.code != http.StatusOK {
		return nil, fmt.Errorf("list of %s: HTTP %d: %s", template.resource, answer.code, answer.body)
	}
	var list struct {
		Items []owner `json:"items"`
	}
	err = json.Unmarshal(answer.body, &list)
	return list.Items, err
}

func (s *server) judgePod(template template, namespace string, owner owner) (verdict, error) {
	result := verdict{
		Label: "pod", APIVersion: template.group, Kind: template.kind,
		Namespace: namespace, Name: owner.Metadata.Name,
	}
	pod := map[string]any{"spec": owner.Spec}
	for _, key := range template.route {
		next, isMap := pod[key].(map[string]any)
		if !isMap {
			return result, fmt.Errorf("%s %s has no %s", template.kind, result.Name, key)
		}
		pod = next
	}
	metadata, isMap := pod["metadata"].(map[string]any)
	if !isMap {
		metadata = map[string]any{}
	}
	metadata["generateName"] = owner.Metadata.Name + "-"
	body, err := json.Marshal(map[string]any{"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": pod["spec"]})
	if err != nil {
		return result, err
	}
	answer, err := s.do("POST", "/api/v1/namespaces/"+namespace+"/pods?dryRun=All", body)
	if err != nil {
		return result, err
	}
	result.Warnings = answer.warnings
	result.Verdict, result.Message = read(answer)
	return result, nil
}

func (s *server) complete(namespace, job string) error {
	now := time.Now().UTC().Format(time.RFC3339)
	status, err := json.Marshal(map[string]any{"status": map[string]any{
		"startTime": now, "completionTime": now, "succeeded": 1, "uncountedTerminatedPods": map[string]any{},
		"conditions": []map[string]string{
			{"type": "SuccessCriteriaMet", "status": "True", "lastTransitionTime": now},
			{"type": "Complete", "status": "True", "lastTransitionTime": now},
		},
	}})
	if err != nil {
		return err
	}
	answer, err := s.patch("/apis/batch/v1/namespaces/"+namespace+"/jobs/"+job+"/status", status)
	if err != nil {
		return err
	}
	if answer.code != http.StatusOK {
		return fmt.Errorf("status of job %s: HTTP %d: %s", job, answer.code, answer.body)
	}
	return nil
}
