package main

import rego.v1

deny contains "a" if time.clock([time.now_ns(), "Local"])[0] > 17
