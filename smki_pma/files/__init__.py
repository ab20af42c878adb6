"""Files as bytes: stored by their SHA-256, recognised by content, read as text, compared word by word."""
