"""The embedded broker: what was queued survives a kill, and nobody but us can reach it."""

import os
import signal
import stat

import redis

from tir.laptop.valkey import Valkey


def client(server: Valkey) -> "redis.Redis":
    return redis.Redis(unix_socket_path=str(server.socket))


def test_starts_is_reused_and_stops(valkey: Valkey) -> None:
    valkey.start()
    first = valkey.pid
    assert first is not None

    valkey.start()
    assert valkey.pid == first

    valkey.stop()
    assert valkey.pid is None
    assert not valkey.answers()
    valkey.stop()


def test_messages_survive_a_kill(valkey: Valkey) -> None:
    valkey.start()
    client(valkey).lpush("queue", "reconcile")
    killed = valkey.pid
    assert killed is not None
    os.kill(killed, signal.SIGKILL)

    valkey.start()
    assert valkey.pid not in {None, killed}
    assert client(valkey).lrange("queue", 0, -1) == [b"reconcile"]


def test_listens_on_a_private_socket_and_on_no_port(valkey: Valkey) -> None:
    valkey.start()
    assert stat.S_IMODE(valkey.socket.stat().st_mode) == 0o700
    assert valkey.socket.parent.stat().st_mode & 0o077 == 0
    assert client(valkey).config_get("port") == {"port": "0"}
    assert client(valkey).config_get("appendonly") == {"appendonly": "yes"}
