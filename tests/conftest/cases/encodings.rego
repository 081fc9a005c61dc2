package main

import rego.v1

deny contains msg if { msg := base64.encode(input.metadata.name) }
deny contains msg if { msg := base64.decode("aGVsbG8=") }
deny contains msg if { msg := base64url.encode("a?b>") }
deny contains msg if { msg := base64url.encode_no_pad("a") }
deny contains msg if { msg := hex.encode(input.metadata.name) }
deny contains msg if { msg := urlquery.encode("a b&c=ü") }
deny contains msg if { msg := urlquery.decode("a+b%26") }
deny contains msg if { msg := crypto.sha256(input.metadata.name) }
