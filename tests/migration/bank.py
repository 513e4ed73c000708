"""A small bank that writes all the time and must always balance: the application of the tests."""

import threading
import time

import psycopg

SCHEMA = """
CREATE TABLE accounts (id int PRIMARY KEY, owner text NOT NULL, balance bigint NOT NULL, rate numeric, doc jsonb NOT NULL
DEFAULT '{}');
CREATE TABLE transfers (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, of int NOT NULL REFERENCES accounts, into_ int
NOT NULL REFERENCES accounts,
  amount bigint NOT NULL, twice bigint GENERATED ALWAYS AS (amount * 2) STORED, memo text NOT NULL, at timestamptz NOT NULL
  DEFAULT now());
CREATE INDEX transfers_of ON transfers (of);
CREATE UNIQUE INDEX accounts_owner ON accounts (owner);
INSERT INTO accounts SELECT g, 'owner ' || g, 1000, 0.1234567890123456789, '{"a": 1}' FROM generate_series(1, 20) g;
"""
TOTAL = 20_000


class Bank(threading.Thread):
    """Transfers, one after the other; each that was acknowledged is remembered. Where writing is refused it tries again, at the
    place that `where` names by then."""

    def __init__(self, where: str) -> None:
        super().__init__(daemon=True)
        self.where, self.acknowledged, self.ended = where, set[int](), threading.Event()
        self.longest_silence, self.wrong = 0.0, ""

    def run(self) -> None:
        last, number = time.monotonic(), 0
        while not self.ended.is_set():
            try:
                with psycopg.connect(self.where, autocommit=True, connect_timeout=2) as connection:
                    while not self.ended.is_set():
                        number += 1
                        with connection.transaction():
                            amount, a, b = number % 7 + 1, number % 20 + 1, (number * 3) % 20 + 1
                            connection.execute("UPDATE accounts SET balance = balance - %s WHERE id = %s", (amount, a))
                            connection.execute(
                                "UPDATE accounts SET balance = balance + %s, doc = doc || '{\"n\": 1}' WHERE id = %s",
                                (amount, b),
                            )
                            found = connection.execute(
                                "INSERT INTO transfers (of, into_, amount, memo) VALUES (%s, %s, %s, %s) RETURNING id",
                                (a, b, amount, f"memo {number}"),
                            ).fetchone()
                        assert found is not None
                        if found[0] in self.acknowledged:
                            self.wrong = f"transfer {found[0]} was given out twice"
                        self.acknowledged.add(found[0])
                        self.longest_silence = max(self.longest_silence, time.monotonic() - last)
                        last = time.monotonic()
                        time.sleep(0.004)
            except psycopg.Error:
                time.sleep(0.05)

    def balance(self, where: str) -> tuple[int, set[int]]:
        """The sum of all balances at a server, and the transfers that it lacks of those that were acknowledged when it was
        asked."""
        before = set(self.acknowledged)
        with psycopg.connect(where) as connection:
            total = connection.execute("SELECT sum(balance) FROM accounts").fetchone()
            ids = connection.execute("SELECT id FROM transfers").fetchall()
        assert total is not None
        return int(total[0]), before - {int(one) for (one,) in ids}

    def stop(self) -> None:
        self.ended.set()
        self.join(10)
