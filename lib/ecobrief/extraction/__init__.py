"""From the text of a document to candidates: figures of known indicators, each with the span it was printed in."""
