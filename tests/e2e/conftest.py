"""Fixtures of the end-to-end tests."""

import pytest
from raw import ask


@pytest.fixture
def well(proxy):
    """Afterwards the proxy still serves everyone else."""
    yield
    assert proxy.alive(), proxy.tail()
    assert ask(proxy) == 200
