"""Starts the real binary for a test: the stand-in AI service, the proxy in front of it, and a look at what each of them saw.

Takes SLUIS_BIN (the binary; default target/debug/sluis). Every process is started with free ports and a folder of its own and is ended
by its own pid. Nothing here reaches beyond loopback.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(os.environ.get("SLUIS_BIN", ROOT / "target" / "debug" / "sluis"))
POLICIES = ROOT / "tests" / "support" / "policies"

# Hosts of the catalogue that the tests talk to, and two that no catalogue knows.
AI_HOSTS = [
    "api.openai.com",
    "api.anthropic.com",
    "generativelanguage.googleapis.com",
    "chatgpt.com",
    "claude.ai",
    "chat.deepseek.com",
    "poe.com",
    "chat.mistral.ai",
]
OTHER_HOSTS = ["intranet.voorbeeld.example", "bank.voorbeeld.example"]


def free_port(host: str = "127.0.0.1") -> int:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.bind((host, 0))
        return probe.getsockname()[1]


def wait_for(condition, what: str, seconds: float = 15.0, step: float = 0.05):
    """The first true value of `condition`; fails with `what` when it does not come."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"waited {seconds:g} s in vain: {what}")
        time.sleep(step)


class Process:
    """A child with its output in a file; ended by its pid."""

    def __init__(self, command: list[str], log: Path, env: dict[str, str] | None = None, stdout=None):
        self.log = log
        self.handle = open(log, "ab")
        clean = {name: value for name, value in os.environ.items() if not name.startswith("SLUIS_") and not name.lower().endswith("_proxy")}
        self.child = subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=stdout or self.handle,
            stderr=self.handle,
            env={**clean, **(env or {})},
        )

    @property
    def pid(self) -> int:
        return self.child.pid

    def alive(self) -> bool:
        return self.child.poll() is None

    def stop(self, seconds: float = 15.0) -> int:
        """SIGTERM, patience, and the exit status; SIGKILL and a failure when it will not end."""
        if self.alive():
            self.child.send_signal(signal.SIGTERM)
        try:
            return self.child.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"{self.child.args[0]} did not end within {seconds:g} s of SIGTERM:\n{self.tail()}") from None
        finally:
            self.close()

    def kill(self) -> None:
        if self.alive():
            self.child.kill()
            self.child.wait()
        self.close()

    def close(self) -> None:
        if self.child.stdout:
            self.child.stdout.close()
        self.handle.close()

    def tail(self, lines: int = 40) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])

    def memory(self) -> int:
        """Resident bytes now."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+) kB", status)[1]) * 1024

    def peak(self) -> int:
        """The most resident bytes so far."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) * 1024


class Origin(Process):
    """The stand-in AI service."""

    def __init__(self, folder: Path, interval_ms: int = 20, http1: bool = False, listen: str = "127.0.0.1:0"):
        folder.mkdir(parents=True, exist_ok=True)
        self.ca = folder / "origin-ca.pem"
        command = [BIN, "demo", "--origin-only", "--listen", listen, "--ca-out", self.ca, "--interval-ms", interval_ms]
        super().__init__(command + (["--http1"] if http1 else []), folder / "origin.log", stdout=subprocess.PIPE)
        line = self.child.stdout.readline().decode().strip()
        if not line:
            self.kill()
            raise AssertionError(f"the stand-in did not start:\n{self.tail()}")
        self.address = line
        host, _, port = line.rpartition(":")
        self.host, self.port = host.strip("[]"), int(port)

    def request(self, host: str, method: str, path: str) -> bytes:
        """Straight to the stand-in, past any proxy."""
        context = ssl.create_default_context(cafile=str(self.ca))
        with socket.create_connection((self.host, self.port), timeout=10) as raw, context.wrap_socket(raw, server_hostname=host) as stream:
            connection = http.client.HTTPConnection(host, timeout=10)
            connection.sock = stream
            connection.request(method, path, headers={"Host": host})
            return connection.getresponse().read()

    def seen(self, host: str) -> list[dict]:
        """The requests that reached `host`, oldest first."""
        return json.loads(self.request(host, "GET", "/__seen"))

    def clear(self, host: str) -> None:
        self.request(host, "DELETE", "/__seen")

    def certificate(self, host: str, alpn: list[str] | None = None) -> bytes:
        """The certificate (DER) that the stand-in itself shows for `host`."""
        context = ssl.create_default_context(cafile=str(self.ca))
        if alpn:
            context.set_alpn_protocols(alpn)
        with socket.create_connection((self.host, self.port), timeout=10) as raw, context.wrap_socket(raw, server_hostname=host) as stream:
            return stream.getpeercert(binary_form=True)


class Proxy(Process):
    """`sluis run` in front of a stand-in."""

    def __init__(self, folder: Path, origin: Origin, policies: Path = POLICIES, settings: dict | None = None, env: dict | None = None):
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.data = folder, folder / "data"
        self.policies = folder / "policies"
        shutil.copytree(policies, self.policies)
        self.port, self.console, self.metrics_port = free_port(), free_port(), free_port()
        resolve = {host: origin.address for host in AI_HOSTS + OTHER_HOSTS}
        document = {
            "data-dir": "./data",
            "policies": "./policies",
            "listen": {
                "explicit": [f"127.0.0.1:{self.port}"],
                "console": f"127.0.0.1:{self.console}",
                "metrics": f"127.0.0.1:{self.metrics_port}",
            },
            "upstream": {"trust": [str(origin.ca)], "resolve": resolve, "allow-private": ["127.0.0.0/8", "::1/128"]},
            "store": {"url": f"sqlite:{self.data / 'sluis.db'}"},
        }
        merge(document, settings or {})
        self.config = folder / "sluis.yaml"
        self.config.write_text(json.dumps(document, indent=2))
        self.ca = self.data / "ca.pem"
        super().__init__([BIN, "run", "--config", self.config], folder / "sluis.log", env=env)
        self.url = f"http://127.0.0.1:{self.port}"
        try:
            wait_for(self.ready, "the proxy is ready", 20)
        except AssertionError:
            self.kill()
            raise AssertionError(f"the proxy did not become ready:\n{self.tail()}") from None

    def ready(self) -> bool:
        if not self.alive():
            raise AssertionError(f"the proxy ended with {self.child.returncode}:\n{self.tail()}")
        with contextlib.suppress(OSError):
            return self.get(self.metrics_port, "/readyz")[0] == 200 and self.ca.exists()
        return False

    @staticmethod
    def get(port: int, path: str, headers: dict | None = None) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        try:
            connection.request("GET", path, headers=headers or {})
            answer = connection.getresponse()
            return answer.status, answer.read().decode(errors="replace")
        finally:
            connection.close()

    def env(self) -> dict[str, str]:
        """What a user sets to send a program through the proxy."""
        return {
            "HTTPS_PROXY": self.url,
            "https_proxy": self.url,
            "NO_PROXY": "",
            "no_proxy": "",
            "SSL_CERT_FILE": str(self.ca),
            "NODE_EXTRA_CA_CERTS": str(self.ca),
            "NODE_USE_ENV_PROXY": "1",
        }

    def metrics(self) -> str:
        return self.get(self.metrics_port, "/metrics")[1]

    def metric(self, name: str, **labels: str) -> float:
        """The sum of a metric over all lines that carry these labels."""
        total = 0.0
        for line in self.metrics().splitlines():
            found = re.match(rf"{re.escape(name)}(?:\{{(.*)\}})? ([0-9.e+-]+|NaN)$", line)
            if found and all(f'{key}="{value}"' in (found[1] or "") for key, value in labels.items()):
                total += float(found[2])
        return total

    def lines(self) -> list[dict]:
        """Every line of the audit log, oldest first: decisions, and the outcomes that are known later."""
        return [json.loads(line) for file in sorted((self.data / "audit").glob("*.jsonl")) for line in file.read_text().splitlines()]

    def events(self) -> list[dict]:
        """The decisions in the audit log, oldest first."""
        return [line for line in self.lines() if "action" in line]

    def assert_chained(self) -> None:
        """Every line of the audit log holds the hash of the line before it."""
        lines = self.lines()
        for before, after in zip(lines, lines[1:]):
            assert after["previous"] == before["hash"], after

    def sluis(self, *arguments: str, check: bool = False) -> subprocess.CompletedProcess:
        """Another subcommand of the binary, with this proxy's settings where it takes them."""
        return subprocess.run([str(BIN), *arguments], capture_output=True, text=True, cwd=self.folder, timeout=60, check=check)


def merge(base: dict, more: dict) -> None:
    for key, value in more.items():
        if isinstance(value, dict) and isinstance(base.get(key), dict):
            merge(base[key], value)
        elif value is None:
            base.pop(key, None)
        else:
            base[key] = value


class Tunnel(threading.Thread):
    """A proxy that reads nothing: every CONNECT leads to the stand-in. It shows whether a failure is the stand-in's or ours."""

    def __init__(self, origin: Origin):
        super().__init__(daemon=True)
        self.target = (origin.host, origin.port)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        self.ca = origin.ca
        self.start()

    def run(self) -> None:
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.one, args=(client,), daemon=True).start()

    def one(self, client: socket.socket) -> None:
        with contextlib.suppress(OSError), client, socket.create_connection(self.target, timeout=10) as upstream:
            head = b""
            while not head.endswith(b"\r\n\r\n") and len(head) < 16384:
                byte = client.recv(1)
                if not byte:
                    return
                head += byte
            client.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            upstream.settimeout(None)
            back = threading.Thread(target=self.pump, args=(upstream, client), daemon=True)
            back.start()
            self.pump(client, upstream)
            back.join()

    @staticmethod
    def pump(source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while chunk := source.recv(65536):
                target.sendall(chunk)
            target.shutdown(socket.SHUT_WR)

    def stop(self) -> None:
        # shutdown() wakes a thread that waits in accept(); close() alone does not.
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.join(5)

    def env(self) -> dict[str, str]:
        return {"HTTPS_PROXY": self.url, "https_proxy": self.url, "NO_PROXY": "", "no_proxy": "", "SSL_CERT_FILE": str(self.ca)}


def connect(proxy_port: int, host: str, port: int = 443, headers: str = "") -> socket.socket:
    """A raw socket after a CONNECT that the proxy accepted."""
    raw = socket.create_connection(("127.0.0.1", proxy_port), timeout=20)
    raw.sendall(f"CONNECT {host}:{port} HTTP/1.1\r\nHost: {host}:{port}\r\n{headers}\r\n".encode())
    head = read_head(raw)
    if not head.startswith(b"HTTP/1.1 200"):
        raw.close()
        raise ConnectionRefusedError(head.decode(errors="replace"))
    return raw


def read_head(stream) -> bytes:
    """Bytes up to and including the empty line, or what came before the connection ended."""
    head = b""
    while not head.endswith(b"\r\n\r\n") and len(head) < 1 << 20:
        byte = stream.recv(1)
        if not byte:
            break
        head += byte
    return head


def tls(raw: socket.socket, host: str, ca: Path, alpn: list[str] | None = None) -> ssl.SSLSocket:
    context = ssl.create_default_context(cafile=str(ca))
    context.set_alpn_protocols(alpn or ["http/1.1"])
    return context.wrap_socket(raw, server_hostname=host)


def read_all(stream) -> bytes:
    """Everything until the other side closes, resets or falls silent."""
    out = b""
    with contextlib.suppress(OSError, ssl.SSLError):
        while chunk := stream.recv(65536):
            out += chunk
    return out


def tls_start(raw: socket.socket, host: str, ca: Path, meanwhile) -> ssl.SSLSocket:
    """A TLS handshake with `meanwhile` run beside it, for an origin that the test plays itself."""

    def run():
        with contextlib.suppress(OSError):
            meanwhile()

    helper = threading.Thread(target=run, daemon=True)
    helper.start()
    try:
        return tls(raw, host, ca)
    finally:
        helper.join(5)
