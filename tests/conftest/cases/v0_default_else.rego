# v0
package main

default allow = false

allow { input.spec.replicas > 2 }

deny["not allowed"] { not allow; input.kind == "Deployment" }

size(n) = "small" { n < 2 } else = "large" { true }

warn[s] { s := size(input.spec.replicas) }
