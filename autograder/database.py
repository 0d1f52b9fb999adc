"""A classroom's database, which is nbgrader's: opened, created, refused if of another version."""

import sys
from pathlib import Path

import nbgrader.api
from alembic.script import ScriptDirectory
from nbgrader.dbutil import ALEMBIC_DIR
from sqlalchemy import Engine, create_engine, inspect, make_url, text
from sqlalchemy.exc import DatabaseError, SQLAlchemyError

from autograder.errors import AutograderError
from autograder.paths import Classroom


def schema_version() -> str:
    """The version of nbgrader's tables that this nbgrader writes."""
    return ScriptDirectory(ALEMBIC_DIR).get_current_head()


def create(url: str) -> Engine:
    """The database at `url`, with nbgrader's tables, made where they are missing."""
    engine = _connect(url)
    if not _tables(engine):
        with engine.begin() as connection:
            nbgrader.api.Base.metadata.create_all(connection)
            connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32))"))
            connection.execute(
                text("INSERT INTO alembic_version VALUES (:version)"), {"version": schema_version()}
            )
    _check_version(engine)
    return engine


def exists(classroom: Classroom) -> bool:
    """Whether the classroom has a gradebook (one on a server is taken to be there)."""
    url = make_url(classroom.database_url)
    return url.get_backend_name() != "sqlite" or Path(url.database).is_file()


def existing(classroom: Classroom) -> Engine:
    """The classroom's database, for reading."""
    if not exists(classroom):
        raise AutograderError(
            f"{classroom.root} has no gradebook yet. Run: python -m autograder release"
        )
    engine = _connect(classroom.database_url)
    _check_version(engine)
    return engine


def use_own_schema_version() -> None:
    """Let nbgrader make a database without the program `alembic`, which it looks up on PATH."""
    nbgrader.api.get_alembic_version = schema_version


def _connect(url: str) -> Engine:
    options = {"timeout": 30} if url.startswith("sqlite") else {}
    return create_engine(url, connect_args=options)


def _tables(engine: Engine) -> list[str]:
    try:
        return inspect(engine).get_table_names()
    except DatabaseError as error:
        raise AutograderError(
            f"{_name(engine)} could not be opened as a gradebook ({error.orig}). Move it away and "
            "restore a backup."
        ) from None
    except SQLAlchemyError as error:
        raise AutograderError(f"{_name(engine)} could not be opened: {error}") from None


def _check_version(engine: Engine) -> None:
    tables, expected, found = _tables(engine), schema_version(), "none"
    url = engine.url.render_as_string(hide_password=True)
    if "alembic_version" in tables:
        with engine.connect() as connection:
            found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    if found != expected:
        raise AutograderError(
            f"{_name(engine)} was made by another version of nbgrader: its tables are of version "
            f"{found}, expected {expected}. Make a copy of it, then run:\n"
            f'PATH="{Path(sys.executable).parent}:$PATH" nbgrader db upgrade --db="{url}"'
        )


def _name(engine: Engine) -> str:
    return engine.url.render_as_string(hide_password=True).removeprefix("sqlite:///")
