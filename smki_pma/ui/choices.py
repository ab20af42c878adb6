"""Choices that carry a hint of their own, for radios and checkboxes."""


class Hinted(str):
    """A choice's label with a hint below it. or_before: print "or" above the choice.

    Use it where a label is asked for: `choices=[("yes", Hinted("Approve", hint="It comes into force."))]`.
    """

    hint: str
    or_before: bool

    def __new__(cls, label: str, *, hint: str = "", or_before: bool = False) -> "Hinted":
        made = super().__new__(cls, label)
        made.hint = hint
        made.or_before = or_before
        return made
