"""One list of variables: what the code reads, what `.env.example` names, what docs/operations.md explains, and what
compose hands on. Whoever sets what the documents name, has set it."""

import ast
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text())
SERVICES: dict[str, Any] = COMPOSE["services"]
OURS = [name for name, service in SERVICES.items() if str(service.get("image", "")).startswith("tir:")]
NAME = re.compile(r"[A-Z][A-Z0-9_]{2,}")

# Of the code's variables, those that a container has from elsewhere, each with where from.
NOT_HANDED_ON = {
    "DATABASE_URL": "made of the role's own password, one for each service",
    "TIR_LOG_KEY": "the log's own service alone",
    "TIR_LOG_ORIGIN": "the log's own service alone",
    "TIR_LOG_HEADS": "the log's own service alone",
    "ADMIN_DATABASE_URL": "for the service `roles` alone",
    "OWNER_DATABASE_URL": "for a laptop's scripts",
    "WORKER_DATABASE_URL": "for a laptop's scripts",
    "TIR_FONTS": "in the image",
    "TIR_ASSETS": "in the image",
    "TIR_SCANNER": "in the image",
    "STATIC_ROOT": "in the image",
    "HOST": "in the image",
    "PORT": "in the image",
    "METRICS_DIRECTORY": "made by gunicorn at each start",
    "WEB_BIND": "for a proxy on the same machine without compose",
}


def read_by_the_code() -> set[str]:
    """Return the names that settings and gunicorn's configuration read from the environment."""
    found = set()
    for path in ("tir/settings.py", "tir/gunicorn.py"):
        for node in ast.walk(ast.parse((ROOT / path).read_text())):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            function = ast.unparse(node.func)
            first = node.args[0]
            is_reading = function.startswith(("env.", "os.environ.")) or function == "required_variable"
            if is_reading and isinstance(first, ast.Constant) and NAME.fullmatch(str(first.value)):
                found.add(str(first.value))
    return found


def in_the_example() -> set[str]:
    text = (ROOT / ".env.example").read_text()
    return set(re.findall(r"^#?([A-Z][A-Z0-9_]+)=", text, re.MULTILINE))


def in_the_documents() -> set[str]:
    """Return the names in the table of docs/operations.md, 2."""
    text = (ROOT / "docs/operations.md").read_text()
    table = text.partition("## 2. Environment variables")[2].partition("\n## 3.")[0]
    rows = re.findall(r"^\| (`[^|]*`) \|", table, re.MULTILINE)
    return {name for row in rows for name in re.findall(r"`([A-Z][A-Z0-9_]+)`", row)}


def asked_of_env() -> set[str]:
    """Return what compose takes out of .env."""
    return set(re.findall(r"(?<!\$)\$\{([A-Z][A-Z0-9_]+)", (ROOT / "compose.yaml").read_text()))


def test_the_code_reads_more_than_a_few() -> None:
    assert len(read_by_the_code()) > 25


def test_the_example_names_what_the_code_reads() -> None:
    assert read_by_the_code() - in_the_example() == set()


def test_the_documents_explain_what_the_code_reads_and_no_other() -> None:
    elsewhere = {"TIR_LOG_KEY", "TIR_LOG_ORIGIN", "TIR_LOG_HEADS", "TIR_ASSETS"}  # in sections of their own

    assert read_by_the_code() - in_the_documents() <= elsewhere
    of_the_proxy = {name for name in asked_of_env() if name.startswith("PROXY_")} | {"BEHIND_PROXY"}
    assert in_the_documents() - read_by_the_code() == of_the_proxy


@pytest.mark.parametrize("service", [name for name in OURS if name != "roles"])
def test_compose_hands_on_what_the_code_reads(service: str) -> None:
    given = SERVICES[service]["environment"]

    assert read_by_the_code() - set(given) <= set(NOT_HANDED_ON)
    for name in read_by_the_code() & set(given) - {"DATABASE_URL", "CELERY_BROKER_URL", "TIR_SIGNING_KEYS"}:
        assert f"${{{name}:" in given[name] or given[name].startswith("/run/"), (
            f"{name} is fixed in {service}"
        )


def test_the_example_names_what_compose_asks_for() -> None:
    assert asked_of_env() - in_the_example() == set()


def test_compose_stops_without_what_has_no_default() -> None:
    """A variable that stands in the example with nothing behind it, and that compose asks for, is asked for aloud."""
    empty = set(re.findall(r"^([A-Z][A-Z0-9_]+)=$", (ROOT / ".env.example").read_text(), re.MULTILINE))
    may_stay_empty = {"CSRF_TRUSTED_ORIGINS", "METRICS_TOKEN"}
    text = (ROOT / "compose.yaml").read_text()

    asked = (empty & asked_of_env()) - may_stay_empty
    assert "SECRET_KEY" in asked
    assert {name for name in asked if f"${{{name}:?" not in text} == set()


@pytest.mark.parametrize("service", [name for name in SERVICES if name not in ("migrate", "roles")])
def test_a_service_that_stays_has_limits_and_a_check(service: str) -> None:
    found = SERVICES[service]

    assert {"mem_limit", "cpus", "pids_limit", "logging"} <= set(found)
    assert found.get("healthcheck", {}).get("test") or service == "web"  # the image's own: see Dockerfile


class TestTheBroker:
    def test_asks_for_a_password(self) -> None:
        assert "requirepass" in str(SERVICES["broker"]["command"])
        assert ":?set BROKER_PASSWORD" in SERVICES["web"]["environment"]["CELERY_BROKER_URL"]

    def test_is_not_told_it_on_its_command_line(self) -> None:
        """What compose puts into the place of ${…} stands in the list of processes; $$… is the shell's own."""
        assert "${BROKER_PASSWORD" not in str(SERVICES["broker"]["command"])
        assert "${BROKER_PASSWORD" not in str(SERVICES["broker"]["healthcheck"])


def test_the_script_of_the_backup_is_sound() -> None:
    checked = subprocess.run(
        ["bash", "-n", "script/compose-backup"], cwd=ROOT, capture_output=True, check=False
    )

    assert checked.returncode == 0, checked.stderr
