package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sort"

	"helm.sh/helm/v3/pkg/releaseutil"
	"k8s.io/apimachinery/pkg/runtime"
	utilyaml "k8s.io/apimachinery/pkg/util/yaml"
	"sigs.k8s.io/kustomize/kyaml/kio"
	"sigs.k8s.io/yaml"
)

func readYAML(text []byte) (json.RawMessage, error) {
	return yaml.YAMLToJSON(text)
}

func readStream(reader string, text []byte) ([]json.RawMessage, error) {
	switch reader {
	case "helm":
		return readHelmStream(text)
	case "kubectl":
		return readKubectlStream(text)
	case "kyaml":
		return readKyamlStream(text)
	}
	return nil, fmt.Errorf("unknown reader %q", reader)
}

func readHelmStream(text []byte) ([]json.RawMessage, error) {
	parts := releaseutil.SplitManifests(string(text))
	names := make([]string, 0, len(parts))
	for name := range parts {
		names = append(names, name)
	}
	sort.Sort(releaseutil.BySplitManifestsOrder(names))
	docs := make([]json.RawMessage, 0, len(names))
	for index, name := range names {
		doc, err := readYAML([]byte(parts[name]))
		if err != nil {
			return nil, fmt.Errorf("document %d: %w", index+1, err)
		}
		docs = append(docs, doc)
	}
	return docs, nil
}

// readKubectlStream is the loop of cli-runtime's StreamVisitor, which Helm uses as well.
func readKubectlStream(text []byte) ([]json.RawMessage, error) {
	decoder := utilyaml.NewYAMLOrJSONDecoder(bytes.NewReader(text), 4096)
	docs := []json.RawMessage{}
	for {
		var object runtime.RawExtension
		err := decoder.Decode(&object)
		if errors.Is(err, io.EOF) {
			return docs, nil
		}
		if err != nil {
			return nil, fmt.Errorf("after %d documents: %w", len(docs), err)
		}
		raw := bytes.TrimSpace(object.Raw)
		if len(raw) == 0 || bytes.Equal(raw, []byte("null")) {
			continue
		}
		docs = append(docs, raw)
	}
}

func readKyamlStream(text []byte) ([]json.RawMessage, error) {
	reader := kio.ByteReader{Reader: bytes.NewReader(text), OmitReaderAnnotations: true, DisableUnwrapping: true}
	nodes, err := reader.Read()
	if err != nil {
		return nil, err
	}
	docs := make([]json.RawMessage, 0, len(nodes))
	for index, node := range nodes {
		doc, err := node.MarshalJSON()
		if err != nil {
			return nil, fmt.Errorf("document %d: %w", index+1, err)
		}
		docs = append(docs, doc)
	}
	return docs, nil
}
