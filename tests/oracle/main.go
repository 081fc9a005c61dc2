// Command oracle answers, for hardtack's tests, what Kubernetes' own libraries make of a document.
//
// One process judges any number of documents. A request is one line of JSON, followed by exactly as many
// raw bytes as its "length" says (raw, so that text that is not UTF-8 can be asked about too):
//
//	{"op":"yaml","length":6}
//	a: yes
//
// An answer is one line of JSON, in the order of the requests: {"data": …} or {"error": "…"}.
//
//	op       further fields                        data
//	yaml     -                                     the document as JSON (sigs.k8s.io/yaml, first document only)
//	stream   reader: helm, kubectl or kyaml        the list of the stream's documents as JSON
//	pss      versions: ["1.0", "latest"] (all)     {"kind": …, "verdicts": {"1.0": {"baseline": [ids], "restricted": [ids]}}}
//	         annotations: {…}, as: "podSpec"       the same, for a bare pod spec and the annotations of its template
//	about    -                                     the versions of the libraries asked
//
// The ids in a pss verdict are those of the checks that refuse the pod, in Kubernetes' order: an empty list
// means allowed. "helm" cuts as Helm's releaseutil does, "kubectl" reads as kubectl and Helm do when they talk
// to a cluster (empty documents left out), "kyaml" as kustomize, kpt and Helm 4's post-renderer do.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strings"

	"hardtack.dev/tests/oracle/internal/frame"
)

// request is the line before a document.
type request struct {
	Op          string            `json:"op"`
	Length      int               `json:"length"`
	Reader      string            `json:"reader"`
	Versions    []string          `json:"versions"`
	As          string            `json:"as"`
	Annotations map[string]string `json:"annotations"`
}

// answer is the line sent back.
type answer struct {
	Data  any    `json:"data,omitempty"`
	Error string `json:"error,omitempty"`
}

func main() {
	if err := serve(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "oracle:", err)
		os.Exit(2)
	}
}

func serve(in io.Reader, out io.Writer) error {
	reader := bufio.NewReaderSize(in, 1<<16)
	writer := bufio.NewWriterSize(out, 1<<16)
	defer writer.Flush()
	for {
		if reader.Buffered() == 0 { // the caller may be waiting for what is answered so far
			if err := writer.Flush(); err != nil {
				return err
			}
		}
		var req request
		text, err := frame.Read(reader, &req, func() int { return req.Length })
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if _, err := writer.Write(append(answerLine(req, text), '\n')); err != nil {
			return err
		}
	}
}

func answerLine(req request, text []byte) []byte {
	data, err := judge(req, text)
	if err == nil {
		line, marshalErr := json.Marshal(answer{Data: data})
		if marshalErr == nil {
			return line
		}
		err = marshalErr
	}
	line, err := json.Marshal(answer{Error: err.Error()})
	if err != nil {
		return []byte(`{"error":"an error that is not JSON"}`)
	}
	return line
}

func judge(req request, text []byte) (data any, err error) {
	defer func() { // a library that panics has judged too: it cannot read this
		if caught := recover(); caught != nil {
			err = fmt.Errorf("panic: %v", caught)
		}
	}()
	switch req.Op {
	case "yaml":
		return readYAML(text)
	case "stream":
		return readStream(req.Reader, text)
	case "pss":
		return judgePod(req, text)
	case "about":
		return about(), nil
	}
	return nil, fmt.Errorf("unknown op %q", req.Op)
}

func about() map[string]string {
	versions := map[string]string{}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return versions
	}
	for _, dep := range info.Deps {
		for _, judge := range []string{"sigs.k8s.io/", "k8s.io/pod-security-admission", "k8s.io/api", "helm.sh/helm"} {
			if strings.HasPrefix(dep.Path, judge) {
				versions[dep.Path] = dep.Version
			}
		}
	}
	return versions
}
