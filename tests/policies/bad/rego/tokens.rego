package main

import rego.v1

deny contains "a" if {
	[_, claims, _] := io.jwt.decode(input.data.token)
	claims.exp < 0
}
