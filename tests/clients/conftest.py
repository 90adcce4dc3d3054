"""Real SDKs, set up as their users set them up: by environment variables alone."""

import pytest
import sluis


@pytest.fixture(scope="session")
def proxy(tmp_path_factory, origin):
    """The proxy with the policy that is shipped, as a new user has it."""
    running = sluis.Proxy(tmp_path_factory.mktemp("clients") / "home", origin, policies=sluis.ROOT / "policies")
    yield running
    assert running.alive(), f"the proxy ended during the tests:\n{running.tail()}"
    running.stop()
    assert "panicked" not in running.log.read_text(errors="replace"), running.tail(80)


@pytest.fixture
def through(monkeypatch, proxy):
    """This process now goes through the proxy, as after `export HTTPS_PROXY=... SSL_CERT_FILE=...`."""
    for name, value in proxy.env().items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("ALL_PROXY", raising=False)
    return proxy


@pytest.fixture(scope="module")
def tunnel(origin):
    running = sluis.Tunnel(origin)
    yield running
    running.stop()


@pytest.fixture
def untouched(monkeypatch, tunnel):
    """This process goes to the stand-in unread, to show that the stand-in speaks the SDK's language."""
    for name, value in tunnel.env().items():
        monkeypatch.setenv(name, value)
    return tunnel


class Watch:
    """What the stand-in and the proxy saw since the test began."""

    def __init__(self, origin, proxy, host):
        self.origin, self.proxy, self.host = origin, proxy, host
        origin.clear(host)
        self.before = len(proxy.events())

    def bodies(self) -> list[str]:
        return [entry["body"] for entry in self.origin.seen(self.host)]

    def still_answering(self) -> bool:
        return not self.origin.seen(self.host)[-1]["answered"]

    def actions(self) -> list[str]:
        return [event["action"] for event in self.proxy.events()[self.before :]]


@pytest.fixture
def watch(origin, proxy):
    return lambda host: Watch(origin, proxy, host)
