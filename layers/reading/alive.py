"""Whether the database answers: for the health check."""

from django.db import connection

from layers.errors import Unavailable


def require_database() -> None:
    """One statement. Raises Unavailable when there is no answer."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Exception as fault:
        raise Unavailable("The database does not answer.") from fault
