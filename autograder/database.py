"""A classroom's database, which is nbgrader's: opened, created, refused if of another version."""

import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import nbgrader.api
from alembic.script import ScriptDirectory
from nbgrader.dbutil import ALEMBIC_DIR
from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from autograder.errors import AutograderError, ClassroomBusy
from autograder.lock import command
from autograder.paths import Classroom

WAIT_S = 30  # for another program that is writing to a SQLite gradebook
_WRITER = 0x6D61726B  # the key of the lock that a writer holds in a database on a server


def schema_version() -> str:
    """The version of nbgrader's tables that this nbgrader writes."""
    return ScriptDirectory(ALEMBIC_DIR).get_current_head()


def create(url: str) -> None:
    """Make nbgrader's tables in the database at `url` where they are missing."""
    with writing(url):
        pass


@contextmanager
def writing(url: str) -> Iterator[Connection]:
    """A connection to the database at `url`; tables are made where there are none.

    On a server it also holds the database's lock, since one in a folder does not bind another
    machine. Raises ClassroomBusy while another writer holds it. A lost connection loses the lock
    too, so that nothing is ever written without it.
    """
    engine = _connect(url)
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            _lock(connection)
        with connection.begin():
            if not inspect(connection).get_table_names():
                _make_tables(connection)
            _check(connection)
        yield connection


def _make_tables(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":  # else each table is committed alone
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    nbgrader.api.Base.metadata.create_all(connection)
    connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
    connection.execute(
        text("INSERT INTO alembic_version VALUES (:version)"), {"version": schema_version()}
    )


def _lock(connection: Connection) -> None:
    held = connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": _WRITER})
    query = text(
        "SELECT a.application_name, a.backend_start::timestamp(0) FROM pg_locks l "
        "JOIN pg_stat_activity a USING (pid) JOIN pg_database d ON d.oid = l.database "
        "WHERE l.locktype = 'advisory' AND l.granted AND l.classid = 0 AND l.objid = :key "
        "AND d.datname = current_database()"
    )
    holder = None if held else connection.execute(query, {"key": _WRITER}).first()
    connection.commit()  # the lock stays with the connection
    if not held:
        who = f"{holder[0]}, since {holder[1]} by its clock" if holder else "which has just ended"
        raise ClassroomBusy(
            f"{_name(connection.engine)} is being written to by another process ({who}). "
            "Wait until it is done, or stop it; nothing was changed."
        )


def exists(classroom: Classroom) -> bool:
    """Whether the classroom has a gradebook (one on a server is taken to be there)."""
    url = _parse(classroom.database_url)
    return url.get_backend_name() != "sqlite" or Path(url.database).is_file()


def existing(classroom: Classroom) -> Engine:
    """The classroom's database, for reading."""
    if exists(classroom):
        engine = _connect(classroom.database_url)
        with engine.connect() as connection:
            if inspect(connection).get_table_names():
                _check(connection)
                return engine
    raise AutograderError(
        f"{classroom.root} has no gradebook yet. Run: python -m autograder release"
    )


def use_own_schema_version() -> None:
    """Let nbgrader make a database without the program `alembic`, which it looks up on PATH."""
    nbgrader.api.get_alembic_version = schema_version


def _check(connection: Connection) -> None:
    """Raise AutograderError unless the tables are those of this version of nbgrader."""
    tables, expected, found = inspect(connection).get_table_names(), schema_version(), "none"
    if "alembic_version" in tables:
        found = connection.scalar(text("SELECT version_num FROM alembic_version"))
    name = _name(connection.engine)
    if found != expected:
        raise AutograderError(
            f"{name} was made by another version of nbgrader: its tables are of version "
            f"{found}, expected {expected}. Make a copy of it, then run"
            f"{_upgrade_command(connection.engine)}"
        )
    if lacking := sorted(set(nbgrader.api.Base.metadata.tables) - set(tables)):
        raise AutograderError(
            f"{name} is damaged: it lacks the tables {', '.join(lacking)}. "
            "Move it away and restore a backup."
        )


def _upgrade_command(engine: Engine) -> str:
    """The words after "run"; a password must not stand in a command line."""
    program = f'PATH="{Path(sys.executable).parent}:$PATH" nbgrader db upgrade'
    if engine.dialect.name == "sqlite":
        return f':\n{program} --db="{engine.url}"'
    return f" in the project's folder, with $GRADEBOOK_URL set as now:\n{program}"


# -- connecting, and what may go wrong -------------------------------------------------------------


def _parse(url: str) -> URL:
    form = "$GRADEBOOK_URL should look like postgresql://USER@HOST:5432/DATABASE"
    try:
        parsed = make_url(url)
        parsed.get_dialect()
    except (ArgumentError, ValueError, ImportError):
        raise AutograderError(
            f"{form}, and be of a kind of database whose driver is installed."
        ) from None
    parts = (parsed.username, parsed.host, parsed.database)
    if parsed.get_backend_name() != "sqlite" and any("@" in (part or "") for part in parts):
        raise AutograderError(f"{form}; an @ in a password is written %40.")
    return parsed


def _connect(url: str) -> Engine:
    parsed = _parse(url)
    options = {"timeout": WAIT_S} if parsed.get_backend_name() == "sqlite" else {}
    if parsed.get_backend_name() == "postgresql":
        options = {"connect_timeout": 10, "keepalives_idle": 60} | dict(parsed.query)
        options["application_name"] = (
            f"process {os.getpid()} on {socket.gethostname()}, {command()}"
        )
    try:
        engine = create_engine(parsed, connect_args=options, poolclass=NullPool)
    except ImportError as error:
        raise AutograderError(f"the driver of {parsed.drivername} is missing: {error}") from None
    event.listen(engine, "handle_error", partial(_explain, engine))
    return engine


def _name(engine: Engine) -> str:
    return engine.url.set(query={}).render_as_string().removeprefix("sqlite:///")


def _explain(engine: Engine, context) -> None:
    """Say what a database refused as an AutograderError, which its caller sees instead."""
    if isinstance(context.sqlalchemy_exception, DBAPIError):
        told = " ".join(str(context.original_exception).split())
        of_its_kind = _of_sqlite if engine.dialect.name == "sqlite" else _of_server
        raise AutograderError(f"{_name(engine)} {of_its_kind(told, context)} ({told})")


def _of_sqlite(told: str, context) -> str:
    if "locked" in told:
        return (
            f"has been written to by another program for {WAIT_S:g} s. "
            "What was finished is kept; run the same command again."
        )
    if "full" in told or "disk I/O" in told:
        return (
            "could not be written: its disk is full or refuses. What was finished is kept. "
            "Make room there, then run the same command again."
        )
    if "readonly" in told or "unable to open" in told:
        return (
            "cannot be written: its folder or file is read-only, or is not yours. "
            "What was finished is kept."
        )
    return "could not be opened as a gradebook, or is damaged. Move it away and restore a backup."


def _of_server(told: str, context) -> str:
    if context.connection is None:
        return (
            "could not be opened. Does the server run, is the database there, are the names in "
            "$GRADEBOOK_URL and the password (there, or in ~/.pgpass) right? Nothing was changed."
        )
    if context.is_disconnect:
        return (
            "was lost while it was in use. What was finished is kept; when the server answers "
            "again, run the same command again."
        )
    return "refused. What was finished is kept; when it is mended, run the same command again."
