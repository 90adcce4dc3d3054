"""Transparent interception: a client that knows of no proxy, behind a gateway whose nftables redirect port 443 to Sluis.

    client namespace -- veth pair -- gateway namespace: nft REDIRECT -> sluis -> stand-in on loopback
                                                        and a second stand-in on the address that the client dials

Needs root, `ip` and `nft`. Everything lives in two network namespaces made here, which are removed whatever happens; no packet leaves
them. Addresses are from the documentation ranges (RFC 5737, RFC 3849).
"""

import contextlib
import json
import os
import shutil
import signal
import ssl
import subprocess
import sys
from pathlib import Path

import pytest
import sluis
from texts import BSN, CLEAN, EMAIL, PERSONAL, SECRET

HOST, OTHER = "api.openai.com", "intranet.voorbeeld.example"
NETS = {
    4: {"client": "192.0.2.2/24", "gateway": "192.0.2.1/24", "via": "192.0.2.1", "far": "203.0.113.20", "far_net": "203.0.113.20/32"},
    6: {"client": "2001:db8:1::2/64", "gateway": "2001:db8:1::1/64", "via": "2001:db8:1::1", "far": "2001:db8:2::20", "far_net": "2001:db8:2::20/128"},
}
RULES = """
table inet sluis {
  chain in {
    type nat hook prerouting priority dstnat;
    iifname "gate" meta nfproto ipv4 tcp dport 443 redirect to :8443
    iifname "gate" meta nfproto ipv6 tcp dport 443 redirect to :8443
  }
}
"""


def run(*command, **more):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, timeout=60, **more)
    assert done.returncode == 0, f"{' '.join(map(str, command))}: {done.stderr or done.stdout}"
    return done.stdout


class Lab:
    """Two namespaces and what runs in them."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.client, self.gateway = f"slt-c{os.getpid()}", f"slt-g{os.getpid()}"
        self.running = []

    def within(self, namespace, *command, **more):
        return run("ip", "netns", "exec", namespace, *command, **more)

    def begin(self, name, *command, **more):
        process = sluis.Process(["ip", "netns", "exec", self.gateway, *command], self.folder / f"{name}.log", **more)
        self.running.append(process)
        return process

    def origin(self, name, listen):
        ca = self.folder / f"{name}.pem"
        process = self.begin(name, sluis.BIN, "demo", "--origin-only", "--anywhere", "--listen", listen, "--ca-out", ca, "--interval-ms", 60, stdout=subprocess.PIPE)
        address = process.child.stdout.readline().decode().strip()
        assert address, process.tail()
        return address, ca

    def up(self):
        for namespace in (self.client, self.gateway):
            run("ip", "netns", "add", namespace)
            self.within(namespace, "ip", "link", "set", "lo", "up")
        run("ip", "link", "add", "seat", "netns", self.client, "type", "veth", "peer", "name", "gate", "netns", self.gateway)
        for net in NETS.values():
            self.within(self.client, "ip", "address", "add", net["client"], "dev", "seat", *(["nodad"] if ":" in net["client"] else []))
            self.within(self.gateway, "ip", "address", "add", net["gateway"], "dev", "gate", *(["nodad"] if ":" in net["gateway"] else []))
            self.within(self.gateway, "ip", "address", "add", net["far_net"], "dev", "lo", *(["nodad"] if ":" in net["far"] else []))
        for namespace, link in ((self.client, "seat"), (self.gateway, "gate")):
            self.within(namespace, "ip", "link", "set", link, "up")
        for net in NETS.values():
            self.within(self.client, "ip", "route", "add", "default", "via", net["via"])
        self.within(self.gateway, "nft", "-f", "-", input=RULES)

        self.near, near_ca = self.origin("near", "127.0.0.1:0")
        self.far = {family: self.origin(f"far{family}", f"[{net['far']}]:443" if family == 6 else f"{net['far']}:443") for family, net in NETS.items()}
        shutil.copytree(sluis.POLICIES, self.folder / "policies")
        settings = {
            "data-dir": "./data",
            "policies": "./policies",
            "listen": {"explicit": ["127.0.0.1:8080"], "transparent": ["[::]:8443"], "console": "127.0.0.1:9080", "metrics": "127.0.0.1:9090"},
            "upstream": {
                "trust": [str(near_ca)],
                "resolve": {HOST: self.near, OTHER: self.near},
                # The documentation ranges stand for the internet here.
                "allow-private": ["127.0.0.0/8", "203.0.113.0/24", "2001:db8:2::/64"],
            },
        }
        (self.folder / "sluis.yaml").write_text(json.dumps(settings, indent=2))
        self.proxy = self.begin("sluis", sluis.BIN, "run", "--config", self.folder / "sluis.yaml")
        self.ca = self.folder / "data" / "ca.pem"
        sluis.wait_for(self.ready, "the proxy in the gateway is ready", 20)

    def ready(self):
        assert self.proxy.alive(), self.proxy.tail()
        asked = subprocess.run(
            ["ip", "netns", "exec", self.gateway, "curl", "-fsS", "http://127.0.0.1:9090/readyz"], capture_output=True, timeout=20, check=False
        )
        return asked.returncode == 0 and self.ca.exists()

    def down(self):
        for process in self.running:
            with contextlib.suppress(AssertionError):
                process.stop()
        for namespace in (self.client, self.gateway):
            subprocess.run(["ip", "netns", "del", namespace], capture_output=True, check=False, timeout=30)

    def curl(self, family, host, *arguments, body=None, ca=None):
        """curl in the client's namespace: no proxy, the host at an address far away."""
        far = NETS[family]["far"]
        command = ["curl", "-sS", "-i", f"-{family}", "--max-time", "20", "--noproxy", "*", "--resolve", f"{host}:443:{'[' + far + ']' if family == 6 else far}", "--cacert", ca or self.ca]
        if body is not None:
            command += ["-H", "content-type: application/json", "--data-binary", json.dumps(body)]
        url = arguments[0] if arguments and str(arguments[0]).startswith("https://") else f"https://{host}/v1/chat/completions"
        rest = arguments[1:] if arguments and arguments[0] == url else arguments
        head, _, text = self.within(self.client, *command, *rest, url).partition("\n\n")
        return int(head.split()[1]), text

    def seen(self, host):
        near_host, _, port = self.near.rpartition(":")
        text = self.within(self.gateway, "curl", "-fsS", "--noproxy", "*", "--connect-to", f"{host}:443:{near_host}:{port}", "--cacert", self.folder / "near.pem", f"https://{host}/__seen")
        return json.loads(text)

    def events(self):
        lines = [line for file in sorted((self.folder / "data" / "audit").glob("*.jsonl")) for line in file.read_text().splitlines()]
        return [event for event in map(json.loads, lines) if "action" in event]

    def certificate(self, family, host, ca):
        """The certificate (PEM) that the client is shown for `host`, verified against `ca`."""
        script = (
            "import socket, ssl, sys\n"
            "far, name, ca = sys.argv[1:]\n"
            "context = ssl.create_default_context(cafile=ca)\n"
            "raw = socket.create_connection((far, 443), timeout=10)\n"
            "context.check_hostname = bool(name)\n"
            "stream = context.wrap_socket(raw, server_hostname=name or None)\n"
            "print(ssl.DER_cert_to_PEM_cert(stream.getpeercert(binary_form=True)))\n"
        )
        return self.within(self.client, sys.executable, "-c", script, NETS[family]["far"], host, ca)


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    assert os.geteuid() == 0, "this test lays out network namespaces and needs root"
    for tool in ("ip", "nft", "curl"):
        assert shutil.which(tool), f"'{tool}' is missing: ./check installs it"
    made = Lab(tmp_path_factory.mktemp("transparent"))
    try:
        made.up()
        yield made
        assert made.proxy.alive() and "panicked" not in made.proxy.log.read_text(errors="replace"), made.proxy.tail()
    finally:
        made.down()


families = pytest.mark.parametrize("family", [4, 6], ids=["IPv4", "IPv6"])


def chat(text, **more):
    return {"model": "gpt-5", "messages": [{"role": "user", "content": text}], **more}


@families
def test_a_clean_prompt_of_an_unconfigured_client_passes(lab, family):
    before = len(lab.events())
    status, body = lab.curl(family, HOST, body=chat(CLEAN))
    assert status == 200 and json.loads(body)["choices"][0]["message"]["content"] == f"Ik heb gelezen: {CLEAN}"
    assert [event["action"] for event in lab.events()[before:]] == ["allow"]


@families
def test_a_bsn_of_an_unconfigured_client_is_blocked(lab, family):
    before = len(lab.seen(HOST))
    status, body = lab.curl(family, HOST, body=chat(SECRET))
    assert status == 403 and "niet verstuurd" in json.loads(body)["error"]["message"]
    assert len(lab.seen(HOST)) == before and not any(BSN in entry["body"] for entry in lab.seen(HOST))


@families
def test_an_e_mail_address_of_an_unconfigured_client_is_replaced_and_restored(lab, family):
    status, body = lab.curl(family, HOST, body=chat(PERSONAL))
    assert status == 200 and json.loads(body)["choices"][0]["message"]["content"] == f"Ik heb gelezen: {PERSONAL}"
    last = lab.seen(HOST)[-1]["body"]
    assert EMAIL not in last and "[EMAIL-1]" in last


@families
def test_the_server_name_decides_that_another_host_is_tunnelled_unread(lab, family):
    before = len(lab.events())
    _, ca = lab.far[family]  # unread means: to the very address that the client dialled
    assert lab.certificate(family, OTHER, ca)
    status, _ = lab.curl(family, OTHER, f"https://{OTHER}/bytes/3", ca=ca)
    assert status == 200 and len(lab.events()) == before


@families
def test_without_a_server_name_the_destination_address_decides(lab, family):
    _, ca = lab.far[family]
    shown = lab.certificate(family, "", ca)
    assert ssl.PEM_cert_to_DER_cert(shown.strip())


def test_the_proxy_drains_and_ends_on_sigterm(lab):
    os.kill(lab.proxy.pid, signal.SIGTERM)
    assert lab.proxy.child.wait(15) == 0
    lab.proxy = lab.begin("sluis", sluis.BIN, "run", "--config", lab.folder / "sluis.yaml")
    sluis.wait_for(lab.ready, "the proxy in the gateway is ready again", 20)
