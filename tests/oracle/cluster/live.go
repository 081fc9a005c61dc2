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

// live tells of each object of the streams whether the server holds one of its kind and name: "accepted" with its uid as
// the message, or "refused". With put it first writes the labels, annotations and data of the stream over those of the
// live object, as a controller does that takes it over.
func live(kubeconfig string, put bool, in io.Reader, out io.Writer) error {
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
		for _, object := range objects {
			told, err := server.liveOne(header.Label, object, put)
			if err != nil {
				return err
			}
			if err := encoder.Encode(told); err != nil {
				return err
			}
		}
	}
}

func (s *server) liveOne(label string, object object, put bool) (verdict, error) {
	result := verdict{
		Label: label, APIVersion: object.APIVersion, Kind: object.Kind,
		Namespace: object.Metadata.Namespace, Name: object.Metadata.Name, Verdict: "unknown", Warnings: []string{},
	}
	path, err := s.collection(object)
	if err != nil || path == "" {
		return result, err
	}
	path += "/" + object.Metadata.Name
	if put {
		answer, err := s.do("PUT", path, object.raw)
		if err != nil {
			return result, err
		}
		if answer.code != http.StatusOK {
			return result, fmt.Errorf("PUT %s: %d %s", path, answer.code, answer.body)
		}
	}
	answer, err := s.do("GET", path, nil)
	if err != nil {
		return result, err
	}
	if answer.code == http.StatusNotFound {
		result.Verdict = "refused"
		return result, nil
	}
	var found struct {
		Metadata struct {
			UID string `json:"uid"`
		} `json:"metadata"`
	}
	if err := json.Unmarshal(answer.body, &found); err != nil {
		return result, err
	}
	result.Verdict, result.Message = "accepted", found.Metadata.UID
	return result, nil
}
