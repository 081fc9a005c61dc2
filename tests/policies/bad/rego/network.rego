package main

import rego.v1

deny contains r.body.msg if r := http.send({"method": "get", "url": "https://example.com"})
