package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"

	"k8s.io/apimachinery/pkg/runtime"
	utilyaml "k8s.io/apimachinery/pkg/util/yaml"

	"hardtack.dev/tests/oracle/internal/frame"
)

const (
	workers          = 8
	defaultNamespace = "dry-run"
)

// streamHeader is the line before a stream.
type streamHeader struct {
	Label  string `json:"label"`
	Length int    `json:"length"`
}

// verdict is what the server says of one object.
type verdict struct {
	Label      string   `json:"label"`
	APIVersion string   `json:"apiVersion"`
	Kind       string   `json:"kind"`
	Namespace  string   `json:"namespace,omitempty"`
	Name       string   `json:"name"`
	Verdict    string   `json:"verdict"`
	Message    string   `json:"message,omitempty"`
	Warnings   []string `json:"warnings"`
}

type object struct {
	APIVersion string `json:"apiVersion"`
	Kind       string `json:"kind"`
	Metadata   struct {
		Name         string `json:"name"`
		GenerateName string `json:"generateName"`
		Namespace    string `json:"namespace"`
	} `json:"metadata"`
	Items []json.RawMessage `json:"items"`
	raw   []byte
}

func dryRun(kubeconfig string, in io.Reader, out io.Writer) error {
	server, err := connect(kubeconfig)
	if err != nil {
		return err
	}
	namespaces := map[string]bool{}
	reader := bufio.NewReaderSize(in, 1<<16)
	encoder := json.NewEncoder(out)
	for {
		header := streamHeader{}
		text, err := frame.Read(reader, &header, func() int { return header.Length })
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		objects, err := objectsOf(text)
		if err != nil {
			return fmt.Errorf("%s: %w", header.Label, err)
		}
		if err := server.makeNamespaces(objects, namespaces); err != nil {
			return err
		}
		verdicts, err := server.judgeAll(header.Label, objects)
		if err != nil {
			return err
		}
		for _, verdict := range verdicts {
			if err := encoder.Encode(verdict); err != nil {
				return err
			}
		}
	}
}

func objectsOf(stream []byte) ([]object, error) {
	decoder := utilyaml.NewYAMLOrJSONDecoder(bytes.NewReader(stream), 4096)
	objects := []object{}
	for {
		var document runtime.RawExtension
		err := decoder.Decode(&document)
		if errors.Is(err, io.EOF) {
			return objects, nil
		}
		if err != nil {
			return nil, err
		}
		objects, err = appendObjects(objects, document.Raw)
		if err != nil {
			return nil, err
		}
	}
}

// appendObjects adds the object of a document, or the items of a list, as kubectl would create them.
func appendObjects(objects []object, raw []byte) ([]object, error) {
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 || bytes.Equal(raw, []byte("null")) {
		return objects, nil
	}
	next := object{raw: raw}
	if err := json.Unmarshal(raw, &next); err != nil {
		return nil, err
	}
	if !strings.HasSuffix(next.Kind, "List") || next.Items == nil {
		return append(objects, next), nil
	}
	for _, item := range next.Items {
		var err error
		if objects, err = appendObjects(objects, item); err != nil {
			return nil, err
		}
	}
	return objects, nil
}

func (s *server) makeNamespaces(objects []object, made map[string]bool) error {
	wanted := []string{defaultNamespace}
	for _, object := range objects {
		if namespace := object.Metadata.Namespace; namespace != "" {
			wanted = append(wanted, namespace)
		}
	}
	for _, name := range wanted {
		if made[name] {
			continue
		}
		body, err := json.Marshal(map[string]any{
			"apiVersion": "v1", "kind": "Namespace",
			"metadata": map[string]any{"name": name},
		})
		if err != nil {
			return err
		}
		answer, err := s.do("POST", "/api/v1/namespaces", body)
		if err != nil {
			return err
		}
		if answer.code != http.StatusCreated && answer.code != http.StatusConflict {
			return fmt.Errorf("namespace %s: HTTP %d: %s", name, answer.code, answer.body)
		}
		labels := []byte(`{"metadata":{"labels":{"pod-security.kubernetes.io/warn":"restricted","pod-security.kubernetes.io/warn-version":"latest"}}}`)
		answer, err = s.patch("/api/v1/namespaces/"+name, labels)
		if err != nil {
			return err
		}
		if answer.code != http.StatusOK {
			return fmt.Errorf("labels of namespace %s: HTTP %d: %s", name, answer.code, answer.body)
		}
		made[name] = true
	}
	return nil
}

func (s *server) judgeAll(label string, objects []object) ([]verdict, error) {
	verdicts := make([]verdict, len(objects))
	failures := make([]error, len(objects))
	queue := make(chan int)
	var running sync.WaitGroup
	for range workers {
		running.Go(func() {
			for index := range queue {
				verdicts[index], failures[index] = s.judge(label, objects[index])
			}
		})
	}
	for index := range objects {
		queue <- index
	}
	close(queue)
	running.Wait()
	return verdicts, errors.Join(failures...)
}

func (s *server) judge(label string, object object) (verdict, error) {
	result := verdict{
		Label: label, APIVersion: object.APIVersion, Kind: object.Kind,
		Namespace: object.Metadata.Namespace, Name: object.Metadata.Name, Warnings: []string{},
	}
	if result.Name == "" {
		result.Name = object.Metadata.GenerateName
	}
	path, err := s.collection(object)
	if err != nil {
		return result, err
	}
	if path == "" {
		result.Verdict = "unknown"
		return result, nil
	}
	answer, err := s.do("POST", path+"?dryRun=All&fieldValidation=Strict", object.raw)
	if err != nil {
		return result, fmt.Errorf("%s %s/%s: %w", label, object.Kind, result.Name, err)
	}
	result.Warnings = answer.warnings
	result.Verdict, result.Message = read(answer)
	return result, nil
}

// collection is the path that objects of this kind and namespace are created at; empty for a kind that is not served.
func (s *server) collection(object object) (string, error) {
	resource, err := s.find(object.APIVersion, object.Kind)
	if err != nil || resource == nil {
		return "", err
	}
	path := groupPath(object.APIVersion) + "/"
	if resource.Namespaced {
		namespace := object.Metadata.Namespace
		if namespace == "" {
			namespace = defaultNamespace
		}
		path += "namespaces/" + namespace + "/"
	}
	return path + resource.Name, nil
}

// read tells accepted from refused. What exists already was valid, or the server would have said so first.
func read(answer *reply) (string, string) {
	if answer.code < 300 {
		return "accepted", ""
	}
	var status struct {
		Reason  string `json:"reason"`
		Message string `json:"message"`
	}
	if err := json.Unmarshal(answer.body, &status); err != nil {
		return "refused", fmt.Sprintf("HTTP %d: %s", answer.code, answer.body)
	}
	if status.Reason == "AlreadyExists" {
		return "accepted", ""
	}
	return "refused", status.Message
}
