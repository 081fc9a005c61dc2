# namespaces: *
package a

import rego.v1

deny contains "a" if input.kind == "CronJob"
