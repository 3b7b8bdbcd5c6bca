"""What a document is: problems and spec files, blocks, editions, the phrases of a language."""
