"""Whether what is printed adds up: identities held to the figures they name.

`quantities` reads the terms of an identity, `rules` says what each kind computes, `findings` compares that with what is
printed. Nothing is corrected: a figure stays as printed, and the finding stands beside it.
"""

from ecobrief.audit.findings import COLUMNS, VERDICTS, Finding, as_frame, as_text, by_cause, findings

__all__ = ["COLUMNS", "VERDICTS", "Finding", "as_frame", "as_text", "by_cause", "findings"]
