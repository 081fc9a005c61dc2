package main

import rego.v1

warn contains msg if { input.kind in {"Service", "CronJob"}; msg := concat("/", [input.kind, input.metadata.name]) }
