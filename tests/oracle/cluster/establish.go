package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"hardtack.dev/tests/oracle/internal/frame"
)

// definition is what has to be known of a CustomResourceDefinition to see that it is served.
type definition struct {
	Spec struct {
		Group string `json:"group"`
		Names struct {
			Kind string `json:"kind"`
		} `json:"names"`
		Versions []struct {
			Name   string `json:"name"`
			Served bool   `json:"served"`
		} `json:"versions"`
	} `json:"spec"`
}

// establish really creates the CustomResourceDefinitions of the streams, so that objects of their kinds can be judged.
func establish(kubeconfig string, in io.Reader) error {
	server, err := connect(kubeconfig)
	if err != nil {
		return err
	}
	created := []definition{}
	reader := bufio.NewReaderSize(in, 1<<16)
	for {
		header := streamHeader{}
		text, err := frame.Read(reader, &header, func() int { return header.Length })
		if errors.Is(err, io.EOF) {
			return server.awaitKinds(created)
		}
		if err != nil {
			return err
		}
		objects, err := objectsOf(text)
		if err != nil {
			return fmt.Errorf("%s: %w", header.Label, err)
		}
		for _, object := range objects {
			if object.Kind != "CustomResourceDefinition" {
				continue
			}
			answer, err := server.do("POST", groupPath(object.APIVersion)+"/customresourcedefinitions", object.raw)
			if err != nil {
				return err
			}
			if answer.code != http.StatusCreated {
				continue // the dry-run tells what is wrong with it
			}
			var made definition
			if err := json.Unmarshal(object.raw, &made); err != nil {
				return err
			}
			created = append(created, made)
		}
	}
}

func (s *server) awaitKinds(definitions []definition) error {
	deadline := time.Now().Add(30 * time.Second)
	for _, definition := range definitions {
		for _, version := range definition.Spec.Versions {
			if !version.Served {
				continue
			}
			if err := s.awaitKind(definition.Spec.Group+"/"+version.Name, definition.Spec.Names.Kind, deadline); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *server) awaitKind(apiVersion, kind string, deadline time.Time) error {
	for time.Now().Before(deadline) {
		kinds, err := s.discover(apiVersion)
		if err != nil {
			return err
		}
		if _, served := kinds[kind]; served {
			return nil
		}
		time.Sleep(200 * time.Millisecond)
	}
	return fmt.Errorf("%s %s was created, but is not served", apiVersion, kind)
}
