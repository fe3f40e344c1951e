"""Every fault by name. A message says what, which, and what now. Faces turn each into one HTTP status."""


class Fault(Exception):
    """Base of the faults a person may be told about. `message` is a sentence; `parameter` the input at fault."""

    def __init__(self, message: str, *, parameter: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.parameter = parameter


class Invalid(Fault):
    """The input cannot be used as it is."""


class NotFound(Fault):
    """Nothing of that name is held."""


class Gone(Fault):
    """It was held and is no more. `successors` are the keys that follow it."""

    def __init__(self, message: str, *, successors: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.successors = successors


class NotAllowed(Fault):
    """This reader or actor may not do that. `reason` is a short word for the access log."""

    def __init__(self, message: str, *, reason: str = "role") -> None:
        super().__init__(message)
        self.reason = reason


class Conflict(Fault):
    """Somebody else changed it first."""


class Unavailable(Fault):
    """A part the answer needs does not answer now; try again."""
