# ours: http.send
package main

import rego.v1

deny contains msg if { r := http.send({"method": "get", "url": "http://127.0.0.1:1/"}); msg := r.status }
