package main

import rego.v1

deny_latest contains msg if { some c in input.spec.template.spec.containers; endswith(c.image, ":latest"); msg := c.image }
violation_host contains {"msg": "host network"} if input.spec.template.spec.hostNetwork
warn_labels contains msg if { not input.metadata.labels.team; msg := "no team" }
denylist contains "never a verdict" if true
deny_ contains "never either" if true
warning contains "nor this" if true
