package main

import rego.v1

deny contains msg if { msg := sprintf("%v", [object.get(input, ["metadata", "labels", "team"], "none")]) }
deny contains msg if { msg := sprintf("%v", [object.keys(input.metadata)]) }
deny contains msg if { msg := json.marshal(object.union({"a": {"b": 1}}, {"a": {"c": 2}})) }
deny contains msg if { msg := json.marshal(object.remove({"a": 1, "b": 2}, ["a"])) }
deny contains msg if { msg := json.marshal(object.filter({"a": 1, "b": 2}, {"a"})) }
deny contains "subset" if object.subset(input, {"kind": "Service", "spec": {"type": "LoadBalancer"}})
deny contains msg if { msg := json.marshal(object.union_n([{"a": 1}, {"b": 2}, {"a": 3}])) }
