# ours: io.jwt.decode
package main

import rego.v1

deny contains msg if { [_, p, _] := io.jwt.decode(input.metadata.name); msg := p.iss }
