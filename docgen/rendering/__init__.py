"""How a document becomes a file: LaTeX, Markdown, PDF, and what is stale."""
