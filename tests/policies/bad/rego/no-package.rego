deny contains "a" if true
