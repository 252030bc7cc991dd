"""The presentation states that are read; by itself, for what lists them needs no pixels."""

_CLASS = "1.2.840.10008.5.1.4.1.1.11."
PRESENTATION_KINDS = {
    f"{_CLASS}1": "grey", f"{_CLASS}2": "colour", f"{_CLASS}3": "pseudo-colour", f"{_CLASS}4": "blending", f"{_CLASS}5": "grey",
}  # fmt: skip
"""Their SOP classes, and what each is."""
