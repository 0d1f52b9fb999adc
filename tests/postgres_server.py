"""A PostgreSQL server for tests: on loopback, in a folder of its own, gone when left."""

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

import psycopg

from tests.conftest import postgres_program

PASSWORD = "cör rect/horse@battery"
QUOTED = "c%C3%B6r%20rect%2Fhorse%40battery"  # as it stands in a URL


class Server:
    """Makes databases; `url(name)` is what $GRADEBOOK_URL would hold, password and all."""

    def __init__(self, port, folder):
        self.port, self.folder = port, folder

    def url(self, name, password=QUOTED):
        return f"postgresql://teacher:{password}@127.0.0.1:{self.port}/{name}"

    def create(self, name):
        self.execute("postgres", f"CREATE DATABASE {name}")
        return self.url(name)

    def execute(self, name, command):
        with psycopg.connect(self.url(name), autocommit=True) as connection:
            cursor = connection.execute(command)
            return cursor.fetchall() if cursor.description else None

    def control(self, action, *options):
        """pg_ctl start or stop."""
        log = self.folder / "log"  # a server that inherited a pipe would hold it open
        _run("pg_ctl", "-D", self.folder / "data", "-w", "-l", log, action, *options)


@contextlib.contextmanager
def serving():
    """A running Server. PostgreSQL refuses to run as root, so root becomes its user first."""
    with tempfile.TemporaryDirectory() as name, socket.socket() as free:
        folder = Path(name)
        if os.geteuid() == 0:
            shutil.chown(folder, *_user())
        (folder / "password").write_text(PASSWORD, encoding="utf-8")
        (folder / "password").chmod(0o644)
        options = ("--username=teacher", "--encoding=UTF8", "--auth=scram-sha-256", "--no-sync")
        _run("initdb", "-D", folder / "data", f"--pwfile={folder / 'password'}", *options)
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        server = Server(port, folder)
        settings = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
        server.control("start", "-o", settings)
        try:
            yield server
        finally:
            server.control("stop", "-m", "immediate")


def _user():
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            user = pwd.getpwnam(name)
            return user.pw_uid, user.pw_gid
    raise RuntimeError("there is no ordinary user to run PostgreSQL")


def _run(program, *arguments):
    drop = []
    if os.geteuid() == 0:
        user, group = _user()
        drop = ["setpriv", f"--reuid={user}", f"--regid={group}", "--clear-groups"]
    done = subprocess.run(
        [*drop, postgres_program(program), *map(str, arguments)],
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "LC_ALL": "C.UTF-8"},
    )
    if done.returncode:
        raise RuntimeError(f"{program} failed:\n{done.stdout}")
