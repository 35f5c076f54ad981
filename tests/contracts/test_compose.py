"""What compose gives to each service: one address of the database, that of its own role."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings

from tir import roles

SERVICES: dict[str, Any] = yaml.safe_load((Path(settings.BASE_DIR) / "compose.yaml").read_text())["services"]
OWN = {
    "web": roles.WEB,
    "worker": roles.WORKER,
    "beat": roles.WORKER,
    "log": roles.LOG,
    "migrate": roles.OWNER,
}
PASSWORDS = ("POSTGRES_PASSWORD", *(roles.password_variable(role) for role in roles.ROLES))


@pytest.mark.parametrize(("service", "role"), OWN.items())
def test_a_service_connects_as_its_role_and_knows_no_other_password(service: str, role: str) -> None:
    given = SERVICES[service]["environment"]

    assert given["DATABASE_URL"].startswith(f"postgres://{role}:${{{roles.password_variable(role)}:?")
    assert {name for name in PASSWORDS if name in str(given)} == {roles.password_variable(role)}


def test_only_who_makes_the_roles_knows_them_all_and_it_serves_nobody() -> None:
    knowing = {name for name, service in SERVICES.items() if "POSTGRES_PASSWORD" in str(service)}

    assert knowing == {"postgres", "roles"}
    assert set(PASSWORDS[1:]) < set(SERVICES["roles"]["environment"])
    assert SERVICES["roles"]["restart"] == "no"


def test_the_example_names_every_password() -> None:
    lines = (Path(settings.BASE_DIR) / ".env.example").read_text().splitlines()

    assert [name for name in PASSWORDS if f"{name}=" not in lines] == []


def test_the_proxy_alone_has_a_port_and_is_given_every_value_of_its_template() -> None:
    template = (Path(settings.BASE_DIR) / "tir/proxy/nginx.conf.template").read_text()
    wanted = set(re.findall(r"\$\{(\w+)\}", template))

    assert {name for name, service in SERVICES.items() if "ports" in service} == {"proxy"}
    assert wanted <= set(SERVICES["proxy"]["environment"])
    assert {name for name in wanted if not name.startswith("PROXY_")} == set()
    assert SERVICES["web"]["environment"]["BEHIND_PROXY"] == "1"
