"""How the system says no: always with a sentence that says what to do, and the clause."""

from smki_pma.clauses import registry


class Refusal(Exception):
    """A refusal that cites its ground.

    message: a whole sentence for the person refused. clause: the id of the clause that it rests on.
    """

    def __init__(self, message: str, *, clause: str) -> None:
        super().__init__(message)
        self.message = message
        self.clause: registry.Clause = registry.clause(clause)

    def __str__(self) -> str:
        return f"{self.message} ({self.clause.id})"


class RuleViolation(Refusal):
    """A rule of the Code forbids the act as asked. field: the form field that it is about, if one."""

    def __init__(self, message: str, *, clause: str, field: str | None = None) -> None:
        super().__init__(message, clause=clause)
        self.field = field


class NotEntitled(Refusal):
    """The person holds no office that empowers the act. hidden: answer as if the object did not exist."""

    def __init__(self, message: str, *, clause: str, hidden: bool = False) -> None:
        super().__init__(message, clause=clause)
        self.hidden = hidden
