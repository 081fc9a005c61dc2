# both: package
deny contains "a" if true
