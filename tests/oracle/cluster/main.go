// Command cluster is how hardtack's tests talk to the API server that `cargo xtask api` starts.
//
//	cluster key FILE                   write the RSA key that signs service account tokens
//	cluster ready KUBECONFIG SECONDS   wait until the server answers
//	cluster dry-run KUBECONFIG         ask the server about every object of the streams on stdin, change nothing
//
// The requests of dry-run are framed like those of the oracle: a line {"label": …, "length": N} and N bytes of
// manifests. Each object gets one line of JSON, in order:
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
	}
	return fmt.Errorf("usage: cluster key FILE | ready KUBECONFIG SECONDS | dry-run KUBECONFIG")
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
