"""Fixtures that every Python test shares."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent / "support"))

import sluis  # noqa: E402


def pytest_sessionstart(session):
    if not sluis.BIN.exists():
        pytest.exit(f"no binary at {sluis.BIN}: build it with 'cargo build', or set SLUIS_BIN", returncode=3)


@pytest.fixture(scope="session")
def origin(tmp_path_factory):
    """A stand-in AI service whose streams take their time: 60 ms between two events."""
    running = sluis.Origin(tmp_path_factory.mktemp("origin"), interval_ms=60)
    yield running
    running.stop()


@pytest.fixture(scope="session")
def proxy(tmp_path_factory, origin):
    """The proxy with the tests' policy, shared by tests that do not change it."""
    running = sluis.Proxy(tmp_path_factory.mktemp("sluis") / "home", origin)
    yield running
    assert running.alive(), f"the proxy ended during the tests:\n{running.tail()}"
    running.stop()
    assert "panicked" not in running.log.read_text(errors="replace"), running.tail(80)


@pytest.fixture
def start(tmp_path, origin):
    """Starts proxies of a test's own: `start(settings={...}, policies=..., origin=...)`."""
    running = []

    def begin(**wishes):
        upstream = wishes.pop("origin", origin)
        proxy = sluis.Proxy(tmp_path / f"sluis-{len(running)}", upstream, **wishes)
        running.append(proxy)
        return proxy

    yield begin
    for proxy in running:
        proxy.kill()
        assert "panicked" not in proxy.log.read_text(errors="replace"), proxy.tail(80)
