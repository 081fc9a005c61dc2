package main

import rego.v1

# METADATA
# title: no load balancers
# description: they cost
deny contains msg if { input.spec.type == "LoadBalancer"; msg := "load balancer" }
