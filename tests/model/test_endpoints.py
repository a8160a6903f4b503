"""The endpoints that the launcher writes for Rasa."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
import redis
import yaml
from rasa.core.lock_store import InMemoryLockStore, LockStore, RedisLockStore
from rasa.core.tracker_store import TrackerStore
from rasa.core.utils import AvailableEndpoints
from rasa.shared.core.domain import Domain

from dialogue.endpoints import endpoints, write_endpoints
from dialogue.tracker_store import RedactingMemoryStore, RedactingRedisStore
from tests.model.stack import ROOT, Redis

MEMORY = {"type": "dialogue.tracker_store.RedactingMemoryStore"}


@pytest.fixture
def template() -> dict[str, Any]:
    return yaml.safe_load((ROOT / "endpoints.yml").read_text(encoding="utf-8"))


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TIREK_ACTIONS_PORT", "TIREK_REDIS_URL"):
        monkeypatch.delenv(name, raising=False)


def test_without_redis(template: dict[str, Any]) -> None:
    assert endpoints(template, {}) == {
        "action_endpoint": {"url": "http://127.0.0.1:5055/webhook"},
        "tracker_store": MEMORY,
    }


@pytest.mark.parametrize("empty", ["TIREK_ACTIONS_PORT", "TIREK_REDIS_URL"])
def test_empty_is_unset(template: dict[str, Any], empty: str) -> None:
    assert endpoints(template, {empty: ""}) == endpoints(template, {})


def test_the_port_of_the_actions(template: dict[str, Any]) -> None:
    filled = endpoints(template, {"TIREK_ACTIONS_PORT": "6055"})
    assert filled["action_endpoint"] == {"url": "http://127.0.0.1:6055/webhook"}
    assert filled["tracker_store"] == MEMORY


def test_the_template_stays_as_it_is(template: dict[str, Any]) -> None:
    before = copy.deepcopy(template)
    endpoints(template, {"TIREK_ACTIONS_PORT": "1", "TIREK_REDIS_URL": "redis://h:1/2"})
    assert template == before


SERVER = {
    "url": "127.0.0.1", "port": 6379, "db": 0, "username": None, "password": None, "use_ssl": False,
}  # fmt: skip


@pytest.mark.parametrize(
    ("url", "differing"),
    [
        ("redis://127.0.0.1:6390/2", {"port": 6390, "db": 2}),
        ("redis://127.0.0.1", {}),
        ("redis://127.0.0.1/", {}),
        ("redis://", {}),
        ("redis://cache.example:7000", {"url": "cache.example", "port": 7000}),
        ("redis://:pass@127.0.0.1", {"username": "", "password": "pass"}),
        ("redis://tirek:pass@127.0.0.1/1", {"username": "tirek", "password": "pass", "db": 1}),
        ("rediss://127.0.0.1:6380", {"port": 6380, "use_ssl": True}),
        ("redis://[::1]:6390/0", {"url": "::1", "port": 6390}),
    ],
)
def test_with_redis(template: dict[str, Any], url: str, differing: dict[str, Any]) -> None:
    filled = endpoints(template, {"TIREK_REDIS_URL": url})
    server = {**SERVER, **differing}
    assert filled["tracker_store"] == {
        "type": "dialogue.tracker_store.RedactingRedisStore", **server
    }  # fmt: skip
    assert filled["lock_store"] == {"type": "redis", **server}
    assert filled["action_endpoint"] == template["action_endpoint"]


def written(tmp_path: Path) -> Path:
    target = tmp_path / "run" / "endpoints.yml"
    write_endpoints(ROOT, target)
    return target


def stores(target: Path) -> tuple[TrackerStore, LockStore]:
    """Read the file as Rasa does."""
    available = AvailableEndpoints.read_endpoints(str(target))
    tracker_store = TrackerStore.create(available.tracker_store, domain=Domain.empty())
    return tracker_store, LockStore.create(available.lock_store)


def test_what_is_written_is_read_by_rasa(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIREK_ACTIONS_PORT", "6055")
    target = written(tmp_path)
    available = AvailableEndpoints.read_endpoints(str(target))
    assert available.action is not None
    assert available.action.url == "http://127.0.0.1:6055/webhook"
    # rasa-sdk 3.21 insists on the domain in each call.
    assert not available.action.kwargs.get("enable_selective_domain")
    tracker_store, lock_store = stores(target)
    assert type(tracker_store) is RedactingMemoryStore
    assert type(lock_store) is InMemoryLockStore


def test_rasa_reaches_redis_through_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, redis_server: Redis
) -> None:
    monkeypatch.setenv("TIREK_REDIS_URL", redis_server.url)
    tracker_store, lock_store = stores(written(tmp_path))
    assert type(tracker_store) is RedactingRedisStore
    assert tracker_store.red.ping()
    assert tracker_store.red.get_connection_kwargs()["db"] == redis_server.database
    assert type(lock_store) is RedisLockStore
    assert lock_store.red.ping()


@pytest.mark.parametrize(
    "password",
    [
        "simple-password",
        pytest.param(
            "p@ss/w:rd#1",
        ),
    ],
)
def test_rasa_shows_redis_the_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, redis_server: Redis, password: str
) -> None:
    from urllib.parse import quote

    with redis.Redis(port=redis_server.port) as admin:
        admin.acl_setuser(
            "tirek", enabled=True, reset=True, passwords=[f"+{password}"], keys=["*"],
            categories=["+@all"],
        )  # fmt: skip
    address = f"redis://tirek:{quote(password, safe='')}@127.0.0.1:{redis_server.port}/3"
    # The address is a good one.
    assert redis.Redis.from_url(address).ping()
    monkeypatch.setenv("TIREK_REDIS_URL", address)
    tracker_store, lock_store = stores(written(tmp_path))
    assert isinstance(tracker_store, RedactingRedisStore)
    assert isinstance(lock_store, RedisLockStore)
    assert tracker_store.red.acl_whoami() == "tirek"
    assert lock_store.red.acl_whoami() in ("tirek", b"tirek")


def test_a_wrong_password_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, redis_server: Redis
) -> None:
    """The password above is really asked for."""
    monkeypatch.setenv("TIREK_REDIS_URL", f"redis://nobody:wrong@127.0.0.1:{redis_server.port}")
    tracker_store, _ = stores(written(tmp_path))
    assert isinstance(tracker_store, RedactingRedisStore)
    with pytest.raises(redis.AuthenticationError):
        tracker_store.red.ping()


def test_only_the_owner_reads_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIREK_REDIS_URL", "redis://:pass@127.0.0.1")
    target = written(tmp_path)
    assert "pass" in target.read_text()
    assert target.stat().st_mode & 0o777 == 0o600


def test_an_older_file_is_closed_too(tmp_path: Path) -> None:
    target = written(tmp_path)
    target.chmod(0o644)
    write_endpoints(ROOT, target)
    assert target.stat().st_mode & 0o777 == 0o600


def test_a_longer_older_file_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TIREK_REDIS_URL", "redis://:pass@127.0.0.1")
    target = written(tmp_path)
    monkeypatch.delenv("TIREK_REDIS_URL")
    write_endpoints(ROOT, target)
    assert "pass" not in target.read_text()
    assert yaml.safe_load(target.read_text())["tracker_store"] == MEMORY


def test_the_running_server_has_its_own(rasa_with_api: Any, redis_server: Redis) -> None:
    file = rasa_with_api.var / "run" / "endpoints.yml"
    assert file.stat().st_mode & 0o777 == 0o600
    assert yaml.safe_load(file.read_text())["tracker_store"]["port"] == redis_server.port
