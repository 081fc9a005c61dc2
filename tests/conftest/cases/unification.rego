package main

import rego.v1

deny contains msg if { [first, "b"] = ["a", "b"]; {"kind": kind} = {"kind": input.kind}; msg := sprintf("%s %s", [first, kind]) }
deny contains msg if { input.spec.ports[i].port == 443; msg := sprintf("port %d", [i]) }
deny contains msg if { some i; input.spec.template.spec.containers[i].name == "sidecar"; msg := sprintf("at %d", [i]) }
