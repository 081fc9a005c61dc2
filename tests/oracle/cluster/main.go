// Command cluster is how hardtack's tests talk to the API server that `cargo xtask api` starts.
//
//	cluster key FILE                   write the RSA key that signs service account tokens
//	cluster ready KUBECONFIG SECONDS   wait until the server answers
//	cluster dry-run KUBECONFIG         ask the server about every object of the streams on stdin, change nothing
//	cluster establish KUBECONFIG       create the CustomResourceDefinitions of the streams on stdin
//	cluster create KUBECONFIG          create every object of the streams on stdin, in place of those of the same name
//	cluster live KUBECONFIG            tell of every object of the streams on stdin whether the server holds it
//	cluster put KUBECONFIG             the same, once each is written over the live one
//	cluster enforce KUBECONFIG NS      create a namespace that enforces Pod Security's restricted level
//	cluster pods KUBECONFIG NS         ask whether the pods of its workloads could be created there
//	cluster jobs KUBECONFIG NS         complete its Jobs, if their pods could be created, until stdin ends
//
// The requests of dry-run, establish and create are framed like those of the oracle: a line {"label": …, "length": N} and N bytes of
// manifests. Each object, and with pods and jobs each workload, gets one line of JSON, in order:
//
//	{"label": …, "apiVersion": …, "kind": …, "namespace": …, "name": …,
//	 "verdict": "accepted" | "refused" | "unknown", "message": …, "warnings": [ … ]}
//
// "unknown" is a kind that this server does not serve. Namespaces are really created, empty, so that objects
// have somewhere to be judged; they warn of what Pod Security's restricted level would refuse.
package main

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"strconv"
	"time"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "cluster:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	switch {
	case len(args) == 2 && args[0] == "key":
		return writeKey(args[1])
	case len(args) == 3 && args[0] == "ready":
		seconds, err := strconv.Atoi(args[2])
		if err != nil {
			return err
		}
		return waitReady(args[1], time.Duration(seconds)*time.Second)
	case len(args) == 2 && args[0] == "dry-run":
		return dryRun(args[1], os.Stdin, os.Stdout)
	case len(args) == 2 && args[0] == "establish":
		return establish(args[1], os.Stdin)
	case len(args) == 2 && args[0] == "create":
		return create(args[1], os.Stdin, os.Stdout)
	case len(args) == 2 && (args[0] == "live" || args[0] == "put"):
		return live(args[1], args[0] == "put", os.Stdin, os.Stdout)
	case len(args) == 3 && args[0] == "enforce":
		return enforce(args[1], args[2])
	case len(args) == 3 && args[0] == "pods":
		return judgePods(args[1], args[2], os.Stdout)
	case len(args) == 3 && args[0] == "jobs":
		return playJobs(args[1], args[2], os.Stdin, os.Stdout)
	}
	return errors.New("usage: cluster key|ready|dry-run|establish|create|live|put|enforce|pods|jobs …, see the source")
}

func writeKey(path string) error {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return err
	}
	block := &pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)}
	return os.WriteFile(path, pem.EncodeToMemory(block), 0o600)
}

func waitReady(kubeconfig string, patience time.Duration) error {
	server, err := connect(kubeconfig)
	if err != nil {
		return err
	}
	var last error
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(200 * time.Millisecond) {
		reply, err := server.do("GET", "/readyz", nil)
		if err == nil && reply.code == 200 {
			return nil
		}
		last = err
		if err == nil {
			last = fmt.Errorf("HTTP %d: %s", reply.code, reply.body)
		}
	}
	return fmt.Errorf("the server was not ready after %s: %w", patience, last)
}
