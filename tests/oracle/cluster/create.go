package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"

	"hardtack.dev/tests/oracle/internal/frame"
)

// create really creates every object of the streams, in place of those that were there before, and tells of each.
func create(kubeconfig string, in io.Reader, out io.Writer) error {
	server, err := connect(kubeconfig)
	if err != nil {
		return err
	}
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
		if err := server.makeNamespaces(objects, map[string]bool{}); err != nil {
			return err
		}
		for _, object := range objects {
			told, err := server.createOne(header.Label, object)
			if err != nil {
				return err
			}
			if err := encoder.Encode(told); err != nil {
				return err
			}
		}
	}
}

func (s *server) createOne(label string, object object) (verdict, error) {
	result := verdict{
		Label: label, APIVersion: object.APIVersion, Kind: object.Kind,
		Namespace: object.Metadata.Namespace, Name: object.Metadata.Name, Verdict: "unknown", Warnings: []string{},
	}
	path, err := s.collection(object)
	if err != nil || path == "" {
		return result, err
	}
	answer, err := s.do("POST", path+"?fieldValidation=Strict", object.raw)
	if err == nil && answer.code == http.StatusConflict {
		if _, err := s.do("DELETE", path+"/"+object.Metadata.Name, nil); err != nil {
			return result, err
		}
		answer, err = s.do("POST", path+"?fieldValidation=Strict", object.raw)
	}
	if err != nil {
		return result, fmt.Errorf("%s %s/%s: %w", label, object.Kind, object.Metadata.Name, err)
	}
	result.Warnings = answer.warnings
	result.Verdict, result.Message = read(answer)
	return result, nil
}
