package main

import rego.v1

schema := {"type": "object", "required": ["kind"], "properties": {"spec": {"type": "object", "properties": {"replicas": {"minimum": 2}}}}}
deny contains "does not fit" if { [ok, _] := json.match_schema(input, schema); not ok }
warn contains "fits" if { [ok, _] := json.match_schema(input, schema); ok }
