package main

import rego.v1

deny contains msg if { some rule in input.spec.ingress; some peer in rule.from; not net.cidr_contains("10.0.0.0/8", peer.ipBlock.cidr); msg := peer.ipBlock.cidr }
warn contains "meet" if net.cidr_intersects("192.168.0.0/16", "192.168.1.0/24")
warn contains "not" if not net.cidr_intersects("192.168.0.0/16", "10.0.0.0/8")
warn contains "inside" if net.cidr_contains("2001:db8::/32", "2001:db8::1")
warn contains "valid" if net.cidr_is_valid("10.0.0.0/8")
warn contains "invalid" if not net.cidr_is_valid("10.0.0.1")
