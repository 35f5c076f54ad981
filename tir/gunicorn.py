"""How gunicorn serves, on a laptop and in the container alike: `gunicorn -c python:tir.gunicorn tir.wsgi`."""

import gc
import os
import tempfile
from typing import Any

bind = os.environ.get("WEB_BIND") or f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
worker_class = "gthread"  # keeps connections open: `sync` served less than half as many requests
threads = int(os.environ.get("WEB_THREADS", "2"))
keepalive = 75  # longer than a usual proxy's, so that the proxy closes first
timeout = 60
graceful_timeout = 30
preload_app = True
control_socket_disable = True  # it would stand in a home directory that a container does not have
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108
# Where the processes of this start count their requests for /metrics: in memory, and empty.
os.environ.setdefault("METRICS_DIRECTORY", tempfile.mkdtemp(prefix="tir-metrics-", dir=worker_tmp_dir))


def when_ready(_server: Any) -> None:
    """Spare the workers' collector what is loaded before they fork, which stays for good, and a look at every seven
    hundred new objects, for a batch makes a hundred thousand: both together were a sixth of its work."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 10, 10)
