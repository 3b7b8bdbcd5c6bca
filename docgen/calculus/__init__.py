"""How a formula is differentiated: the rules, the methods, the derivation record, the proof of every line."""
