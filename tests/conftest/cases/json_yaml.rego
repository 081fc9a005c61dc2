package main

import rego.v1

deny contains msg if { v := json.unmarshal(input.data.JSON); msg := sprintf("%v", [v]) }
deny contains msg if { v := json.unmarshal(input.data.JSON); msg := json.marshal(v) }
warn contains msg if { v := yaml.unmarshal("a: [1, b]\nc: {d: e}"); msg := json.marshal(v) }
warn contains "valid" if json.is_valid("[1]")
warn contains "broken" if not json.is_valid("[1")
warn contains msg if { msg := json.marshal(json.filter(input, ["metadata/name", "kind"])) }
warn contains msg if { msg := json.marshal(json.remove(input.metadata, ["labels"])) }
warn contains msg if { msg := json.marshal(json.patch({"a": 1}, [{"op": "add", "path": "/b", "value": [2]}])) }
