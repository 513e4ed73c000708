"""PostgreSQL servers of the tests' own: made in a temporary folder, spoken to by a socket in it, gone afterwards."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

SETTINGS = {
    "wal_level": "logical",
    "fsync": "off",
    "synchronous_commit": "on",
    "listen_addresses": "''",
    "max_replication_slots": "20",
    "max_wal_senders": "20",
    "max_logical_replication_workers": "16",
    "shared_buffers": "64MB",
    "autovacuum_naptime": "5min",
    "wal_receiver_status_interval": "1",
    "wal_retrieve_retry_interval": "200ms",
}
ROOT = 0


def programs() -> Path | None:
    """The newest PostgreSQL's own folder of programs; None where there is none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parent.parent.name))
    return found[-1].parent if found else None


class Server:
    """One running server."""

    def __init__(self, folder: Path, port: int, **settings: str) -> None:
        self.folder, self.port, self.settings = folder, port, SETTINGS | settings

    def _as_postgres(self, *command: str) -> None:
        # It refuses to run as root.
        user = "postgres" if os.getuid() == ROOT else None
        done = subprocess.run(
            command,
            user=user,
            group=user,
            extra_groups=[] if user else None,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr

    def make(self) -> None:
        """Make its files and start it."""
        bin_ = programs()
        assert bin_ is not None
        self._as_postgres(
            str(bin_ / "initdb"),
            "-D",
            str(self.data),
            "-A",
            "trust",
            "-U",
            "postgres",
            "--no-sync",
            "-E",
            "UTF8",
            "--locale",
            "C.UTF-8",
        )
        self.start()

    @property
    def data(self) -> Path:
        return self.folder / f"data{self.port}"

    def start(self) -> None:
        bin_ = programs()
        assert bin_ is not None
        options = " ".join(f"-c {name}={value}" for name, value in self.settings.items())
        options += f" -c port={self.port} -c unix_socket_directories={self.folder}"
        self._as_postgres(
            str(bin_ / "pg_ctl"), "-D", str(self.data), "-w", "-l", str(self.data / "log"), "-o", options, "start"
        )

    def stop(self, mode: str = "fast") -> None:
        bin_ = programs()
        assert bin_ is not None
        self._as_postgres(str(bin_ / "pg_ctl"), "-D", str(self.data), "-w", "-m", mode, "stop")

    def dsn(self, database: str = "postgres", user: str = "postgres") -> str:
        return f"host={self.folder} port={self.port} dbname={database} user={user}"

    def run(self, sql: str, database: str = "postgres", user: str = "postgres") -> list[tuple[Any, ...]]:
        """Carry out statements; the rows of the last that has any."""
        with psycopg.connect(self.dsn(database, user), autocommit=True) as connection:
            rows: list[tuple[Any, ...]] = []
            cursor = connection.execute(sql)
            while True:
                if cursor.description:
                    rows = cursor.fetchall()
                if not cursor.nextset():
                    return rows

    def script(self, path: Path, database: str = "postgres") -> None:
        """Carry out a script of psql, stopping at the first error."""
        done = subprocess.run(
            ["psql", "-qX", "-v", "ON_ERROR_STOP=1", "-d", self.dsn(database), "-f", str(path)],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr


@contextmanager
def servers(count: int, **settings: str) -> Iterator[list[Server]]:
    """So many servers, made anew."""
    folder = Path(tempfile.mkdtemp(prefix="hybridge-pg-"))
    if os.getuid() == ROOT:
        shutil.chown(folder, "postgres", "postgres")
    made = [Server(folder, 55_432 + number, **settings) for number in range(count)]
    try:
        for server in made:
            server.make()
        yield made
    finally:
        for server in made:
            if (server.data / "postmaster.pid").exists():
                server.stop("immediate")
        shutil.rmtree(folder, ignore_errors=True)
