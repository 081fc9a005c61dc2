package main

import (
	"bytes"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"sync"

	"sigs.k8s.io/yaml"
)

// server is an API server and what it serves.
type server struct {
	url, token string
	client     *http.Client

	lock      sync.Mutex
	resources map[string]map[string]resource // group version → kind → resource
}

type resource struct {
	Name       string `json:"name"`
	Kind       string `json:"kind"`
	Namespaced bool   `json:"namespaced"`
}

type reply struct {
	code     int
	body     []byte
	warnings []string
}

// connect reads the one cluster and the one user of a kubeconfig that `cargo xtask api` wrote.
func connect(kubeconfig string) (*server, error) {
	text, err := os.ReadFile(kubeconfig)
	if err != nil {
		return nil, err
	}
	var config struct {
		Clusters []struct {
			Cluster struct {
				Server string `json:"server"`
			} `json:"cluster"`
		} `json:"clusters"`
		Users []struct {
			User struct {
				Token string `json:"token"`
			} `json:"user"`
		} `json:"users"`
	}
	if err := yaml.Unmarshal(text, &config); err != nil {
		return nil, err
	}
	if len(config.Clusters) != 1 || len(config.Users) != 1 {
		return nil, fmt.Errorf("%s: expected one cluster and one user", kubeconfig)
	}
	transport := &http.Transport{
		// The server makes its own certificate, for loopback, at each start.
		TLSClientConfig:     &tls.Config{InsecureSkipVerify: true},
		MaxIdleConnsPerHost: workers,
	}
	return &server{
		url:       config.Clusters[0].Cluster.Server,
		token:     config.Users[0].User.Token,
		client:    &http.Client{Transport: transport},
		resources: map[string]map[string]resource{},
	}, nil
}

func (s *server) do(method, path string, body []byte) (*reply, error) {
	return s.send(method, path, "application/json", body)
}

func (s *server) patch(path string, body []byte) (*reply, error) {
	return s.send("PATCH", path, "application/merge-patch+json", body)
}

func (s *server) send(method, path, contentType string, body []byte) (*reply, error) {
	request, err := http.NewRequest(method, s.url+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Authorization", "Bearer "+s.token)
	request.Header.Set("Content-Type", contentType)
	response, err := s.client.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	warnings := []string{}
	for _, header := range response.Header.Values("Warning") {
		warnings = append(warnings, warningText(header))
	}
	return &reply{code: response.StatusCode, body: text, warnings: warnings}, nil
}

// warningText takes `299 - "text"` apart.
func warningText(header string) string {
	_, quoted, found := strings.Cut(header, `"`)
	if !found {
		return header
	}
	return strings.ReplaceAll(strings.TrimSuffix(quoted, `"`), `\"`, `"`)
}

// find returns the resource that serves a kind, or nil when there is none.
func (s *server) find(apiVersion, kind string) (*resource, error) {
	s.lock.Lock()
	defer s.lock.Unlock()
	kinds, known := s.resources[apiVersion]
	if !known {
		var err error
		if kinds, err = s.discover(apiVersion); err != nil {
			return nil, err
		}
		s.resources[apiVersion] = kinds
	}
	found, served := kinds[kind]
	if !served {
		return nil, nil
	}
	return &found, nil
}

func (s *server) discover(apiVersion string) (map[string]resource, error) {
	answer, err := s.do("GET", groupPath(apiVersion), nil)
	if err != nil {
		return nil, err
	}
	kinds := map[string]resource{}
	if answer.code == http.StatusNotFound {
		return kinds, nil
	}
	var list struct {
		Resources []resource `json:"resources"`
	}
	if err := json.Unmarshal(answer.body, &list); err != nil {
		return nil, fmt.Errorf("the resources of %s: %w", apiVersion, err)
	}
	for _, resource := range list.Resources {
		if !strings.Contains(resource.Name, "/") {
			kinds[resource.Kind] = resource
		}
	}
	return kinds, nil
}

func groupPath(apiVersion string) string {
	if strings.Contains(apiVersion, "/") {
		return "/apis/" + apiVersion
	}
	return "/api/" + apiVersion
}
