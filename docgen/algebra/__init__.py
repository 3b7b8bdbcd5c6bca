"""What a formula is: sizes, nodes, operators, evaluation and printing."""
