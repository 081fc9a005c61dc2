package main

import rego.v1

g := {"a": ["b"], "b": ["c"], "c": ["a"], "d": ["a"]}
deny contains msg if { msg := sprintf("%v", [graph.reachable(g, ["a"])]) }
deny contains msg if { msg := sprintf("%v", [graph.reachable_paths({"a": ["b", "c"], "b": [], "c": []}, {"a"})]) }
