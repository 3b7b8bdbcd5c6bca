"""What a document is: problems and spec files, blocks, editions, the phrases of a language."""

#: Which pages a handout has: the problems with room to work in, with their solutions, with the answers alone.
EDITIONS = ("worksheet", "handout", "key")
