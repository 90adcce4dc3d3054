"""Input that breaks rules: each gives a proper status or a clean close, an event where a decision was due, bounded memory, no panic."""

import gzip
import json
import socket
import ssl
import subprocess
import time

import pytest
import sluis
from raw import HOST, Session, ask, prompt_request
from texts import BSN, CLEAN, SECRET

pytestmark = pytest.mark.usefixtures("well")
PATH = "/v1/chat/completions"
MIB = 1 << 20


def raw_answer(port, data, patience=15):
    """What the proxy says to these bytes before it closes or falls silent."""
    with socket.create_connection(("127.0.0.1", port), timeout=patience) as raw:
        try:
            raw.sendall(data)
            head = sluis.read_head(raw)
        except (ConnectionResetError, BrokenPipeError):
            return b""
    return head


def refuses(answer):
    return answer == b"" or answer.split(b" ")[1][:1] in (b"4", b"5")


@pytest.mark.parametrize(
    "data",
    [
        b"CONNECT\r\n\r\n",
        b"CONNECT api.openai.com HTTP/1.1\r\nHost: api.openai.com\r\n\r\n",
        b"CONNECT api.openai.com:99999 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"CONNECT api.openai.com:443:443 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"CONNECT :443 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"CONNECT https://api.openai.com/ HTTP/1.1\r\nHost: x\r\n\r\n",
        b"CONNECT api.openai.com:443 HTTP/9.9\r\nHost: x\r\n\r\n",
        b"CONNECT api openai com:443 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"CONNECT \xff\xfe:443 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"CONNECT [::1:443 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"CONNECT " + b"a" * 200_000 + b":443 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET ftp://voorbeeld.example/ HTTP/1.1\r\nHost: voorbeeld.example\r\n\r\n",
        b"\x00\x01\x02\x03 nonsense\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n",
    ],
    ids=lambda data: data[:40].decode(errors="replace").strip(),
)
def test_a_malformed_first_line_is_refused(proxy, data):
    assert refuses(raw_answer(proxy.port, data))


@pytest.mark.parametrize(
    "headers",
    [b"".join(b"X-%d: y\r\n" % at for at in range(20_000)), b"X: " + b"y" * 5_000_000 + b"\r\n", b"X-" + b"n" * 200_000 + b": y\r\n"],
    ids=["many", "long value", "long name"],
)
def test_a_header_bomb_is_refused_in_the_clear_and_inside_tls(proxy, headers):
    before = proxy.memory()
    assert refuses(raw_answer(proxy.port, b"CONNECT api.openai.com:443 HTTP/1.1\r\nHost: x\r\n" + headers + b"\r\n"))
    with Session(proxy) as session:
        try:
            session.send(b"POST /v1/chat/completions HTTP/1.1\r\nHost: api.openai.com\r\n" + headers + b"\r\n")
            status = session.answer()[0]
        except (OSError, ssl.SSLError):
            status = 0
        assert status == 0 or 400 <= status < 500
    assert proxy.memory() - before < 64 * MIB


def test_slow_headers_are_cut_off(start):
    proxy = start(settings={"limits": {"header-timeout": "1s"}})

    def drip(stream):
        began = time.monotonic()
        try:
            for byte in b"POST /v1/chat/completions HTTP/1.1\r\nHost: api.openai.com\r\nX-Slow: " + b"y" * 100:
                stream.sendall(bytes([byte]))
                time.sleep(0.1)
        except (OSError, ssl.SSLError):
            pass
        return time.monotonic() - began

    with socket.create_connection(("127.0.0.1", proxy.port), timeout=20) as raw:
        assert drip(raw) < 5
    with Session(proxy) as session:
        assert drip(session.stream) < 5
    with sluis.connect(proxy.port, HOST) as silent:  # a tunnel in which no ClientHello comes
        silent.settimeout(20)
        began = time.monotonic()
        assert sluis.read_all(silent) == b"" and time.monotonic() - began < 10


HIDDEN = prompt_request(SECRET, path="/v1/chat/completions?smuggled")


@pytest.mark.parametrize(
    "head",
    [
        f"Content-Length: 4\r\nContent-Length: {4 + len(HIDDEN)}\r\n\r\n".encode(),
        b"Content-Length: 4, 5\r\n\r\n",
        b"Content-Length: +4\r\n\r\n",
        b"Content-Length: 0x4\r\n\r\n",
        b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n",
        b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
        b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
        b"Transfer-Encoding: chunked\r\n\r\nZZ\r\n\r\n",
        b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffff1\r\n\r\n",
        b"X-A: b\rContent-Length: 4\r\n\r\n",
        b"X-A: b\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"X-A: b\r\n Content-Length: 400\r\nContent-Length: 4\r\n\r\n",
        b"X-A: b\x00c\r\nContent-Length: 4\r\n\r\n",
    ],
    ids=lambda head: head[:60].decode(errors="replace").strip().replace("\r\n", " | "),
)
def test_a_request_of_two_readings_smuggles_nothing_past_the_proxy(proxy, origin, head):
    origin.clear(HOST)
    with Session(proxy) as session:
        session.stream.settimeout(5)
        try:
            session.send(f"POST {PATH} HTTP/1.1\r\nHost: {HOST}\r\nContent-Type: application/json\r\n".encode() + head + b"null" + HIDDEN)
            answers = sluis.read_all(session.stream)
        except (OSError, ssl.SSLError):
            answers = b""
    # Whichever way the proxy reads it, nothing reaches the origin that was not decided upon: the hidden prompt holds a BSN.
    seen = origin.seen(HOST)
    assert not any(BSN in entry["body"] or "smuggled" in entry["path"] for entry in seen), seen
    assert len(seen) <= answers.count(b"HTTP/1.1 ")


@pytest.mark.parametrize("line", [b"GET /\rHTTP/1.1", b"GET  / HTTP/1.1", b"G\x00T / HTTP/1.1", b"GET /a b HTTP/1.1", b"GET http://[::1/ HTTP/1.1"])
def test_a_broken_request_line_inside_tls_is_refused(proxy, line):
    with Session(proxy) as session:
        session.send(line + b"\r\nHost: api.openai.com\r\n\r\n")
        assert session.answer()[0] in (0, 400, 404, 421)


@pytest.mark.parametrize("host", ["claude.ai", "intranet.voorbeeld.example", "127.0.0.1"])
def test_a_host_header_for_another_host_does_not_lead_elsewhere(proxy, origin, host):
    for name in (HOST, host):
        origin.clear(name)
    with Session(proxy) as session:
        session.send(prompt_request(CLEAN).replace(f"Host: {HOST}".encode(), f"Host: {host}".encode()))
        status = session.answer()[0]
    assert origin.seen(host) == [] and status in (0, 400, 403, 421)


def blocked(proxy, origin, body, headers=""):
    """A body that must be stopped: 403, an event, and nothing at the origin."""
    origin.clear(HOST)
    before = len(proxy.events())
    with Session(proxy) as session:
        session.stream.settimeout(60)
        session.send(f"POST {PATH} HTTP/1.1\r\nHost: {HOST}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n{headers}\r\n".encode() + body)
        status, head, text = session.answer()
    events = proxy.events()[before:]
    assert status == 403 and b"x-should-retry: false" in head.lower() and json.loads(text)["error"]["message"]
    assert origin.seen(HOST) == [] and [event["action"] for event in events] == ["block"]
    return events[0]


def test_a_truncated_gzip_body_is_stopped(proxy, origin):
    packed = gzip.compress(json.dumps({"messages": [{"role": "user", "content": CLEAN * 50}]}).encode())
    blocked(proxy, origin, packed[: len(packed) // 2], "Content-Encoding: gzip\r\n")


def test_a_gzip_bomb_is_stopped_in_bounded_memory(proxy, origin):
    bomb = gzip.compress(b'{"messages":[{"role":"user","content":"' + bytes(300 * MIB), 9)
    before = proxy.peak()
    blocked(proxy, origin, bomb, "Content-Encoding: gzip\r\n")
    blocked(proxy, origin, gzip.compress(bomb, 9), "Content-Encoding: gzip, gzip\r\n")
    assert proxy.peak() - before < 200 * MIB


@pytest.mark.parametrize("coding", ["br", "zstd", "deflate", "gzip", "compress", "rot13"])
def test_a_body_that_is_not_in_its_named_coding_is_stopped(proxy, origin, coding):
    blocked(proxy, origin, b"\x01\x02 this is nothing of the kind", f"Content-Encoding: {coding}\r\n")


@pytest.mark.parametrize("opening", ["[", '{"a":'])
def test_json_nested_a_hundred_thousand_deep_is_stopped(proxy, origin, opening):
    blocked(proxy, origin, b'{"messages":' + opening.encode() * 100_000 + f'"{SECRET}"'.encode())


@pytest.mark.parametrize(
    "body",
    [
        b'{"messages":[{"role":"user","content":"BSN ' + BSN.encode() + b' \xff\xfe"}]}',
        b'{"messages":[{"role":"user","content":"BSN ' + BSN.encode(),
        b'{"messages":[{"role":"user","content":"\\ud800 BSN ' + BSN.encode() + b'"}]}',
        "﻿".encode("utf-16") + json.dumps({"messages": [{"role": "user", "content": SECRET}]}).encode("utf-16"),
        b"\x00" * 1000 + SECRET.encode(),
    ],
    ids=["invalid UTF-8", "cut off", "half a surrogate", "UTF-16", "NUL bytes"],
)
def test_a_body_that_is_no_proper_json_is_stopped(proxy, origin, body):
    blocked(proxy, origin, body)


def test_a_key_said_twice_hides_nothing(proxy, origin):
    body = f'{{"messages":[{{"role":"user","content":"{SECRET}","content":"{CLEAN}"}}]}}'
    blocked(proxy, origin, body.encode())
    blocked(proxy, origin, f'{{"messages":[{{"role":"user","content":"{CLEAN}","content":"{SECRET}"}}]}}'.encode())


def upload(session, size, piece=1 << 20):
    """A chunked prompt of `size` bytes, made on the fly; the bytes that could be sent."""
    session.send(f"POST {PATH} HTTP/1.1\r\nHost: {HOST}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n".encode())
    start = b'{"messages":[{"role":"user","content":"'
    session.send(b"%x\r\n%s\r\n" % (len(start), start))
    chunk = b"%x\r\n" % piece + b"a" * piece + b"\r\n"
    sent = 0
    try:
        while sent < size:
            session.send(chunk)
            sent += piece
        end = b'"}]}'
        session.send(b"%x\r\n%s\r\n0\r\n\r\n" % (len(end), end))
    except (OSError, ssl.SSLError):
        pass  # the proxy has said no and closed
    return sent


@pytest.mark.parametrize("size", [64 * MIB, 2048 * MIB], ids=["64 MiB", "2 GiB"])
def test_a_body_over_the_limit_is_stopped_in_bounded_memory(start, origin, size):
    proxy = start(settings={"limits": {"inspect": "4 MiB"}})
    assert ask(proxy) == 200
    before, count = proxy.peak(), len(proxy.events())
    origin.clear(HOST)
    with Session(proxy) as session:
        session.stream.settimeout(120)
        upload(session, size)
        status = session.answer()[0]
    # A client that is still sending may meet the close before it reads the answer.
    assert status in (403, 413) or (status == 0 and size > 64 * MIB)
    sluis.wait_for(lambda: [event["action"] for event in proxy.events()[count:]] == ["block"], "one event for the body over the limit")
    assert origin.seen(HOST) == [] and proxy.peak() - before < 48 * MIB
    assert ask(proxy) == 200


def test_a_large_file_passes_a_tunnel_in_bounded_memory(proxy, origin):
    host, size = "intranet.voorbeeld.example", 256 * MIB
    before = proxy.peak()
    with Session(proxy, host, ca=origin.ca) as session:
        session.stream.settimeout(60)
        session.send(f"POST /upload HTTP/1.1\r\nHost: {host}\r\nContent-Length: {size}\r\n\r\n".encode())
        for _ in range(size // MIB):
            session.send(b"x" * MIB)
        assert session.answer()[0] == 200
    assert origin.seen(host)[-1]["bytes"] == size and proxy.peak() - before < 32 * MIB


def test_a_large_answer_passes_in_bounded_memory(proxy):
    before, size = proxy.peak(), 256 * MIB
    with Session(proxy) as session:
        session.stream.settimeout(60)
        session.send(f"GET /bytes/{size} HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n\r\n".encode())
        assert b" 200 " in sluis.read_head(session.stream)[:20]
        received = 0
        while piece := session.stream.recv(1 << 20):
            received += len(piece)
    assert received == size and proxy.peak() - before < 48 * MIB


def test_many_clients_with_large_bodies_at_once_stay_within_the_memory_limit(start):
    proxy = start(settings={"limits": {"inspect": "8 MiB", "memory": "32 MiB"}})
    assert ask(proxy) == 200
    before = proxy.peak()
    sessions = [Session(proxy) for _ in range(24)]
    body = b"a" * (7 * MIB)
    for session in sessions:
        session.stream.settimeout(0.5)
        try:
            session.send(f"POST {PATH} HTTP/1.1\r\nHost: {HOST}\r\nContent-Type: application/json\r\nContent-Length: {len(body) + 100}\r\n\r\n".encode() + body)
        except (OSError, ssl.SSLError):
            pass  # held back or refused: both keep the memory bounded
    assert proxy.peak() - before < 160 * MIB
    for session in sessions:
        session.close()
    sluis.wait_for(lambda: ask(proxy) == 200, "the proxy serves again after the crowd has gone", 30)


def test_a_client_that_vanishes_in_its_prompt_leaves_nothing_behind(proxy, origin):
    origin.clear(HOST)
    whole = prompt_request(SECRET)
    for cut in (40, len(whole) - 20):
        session = Session(proxy)
        session.send(whole[:cut])
        session.close()
    time.sleep(0.3)
    assert origin.seen(HOST) == []


def test_a_client_that_vanishes_in_a_stream_ends_it_at_the_origin_too(proxy, origin):
    origin.clear(HOST)
    session = Session(proxy)
    session.send(prompt_request(CLEAN * 20, stream=True))
    assert b" 200 " in sluis.read_head(session.stream)[:20]
    session.close()
    time.sleep(1)
    assert not origin.seen(HOST)[-1]["answered"]
    time.sleep(2)
    assert not origin.seen(HOST)[-1]["answered"], "the origin was left talking to nobody"


@pytest.mark.parametrize("version", ["--http1.1", "--http2"])
def test_an_origin_that_vanishes_in_a_stream_is_not_shown_as_a_whole_answer(proxy, version):
    before = len(proxy.events())
    command = ["curl", "-sS", version, "--max-time", "20", "--proxy", proxy.url, "--cacert", proxy.ca, "-H", "content-type: application/json"]
    body = json.dumps({"stream": True, "messages": [{"role": "user", "content": CLEAN}]})
    done = subprocess.run([*command, "-d", body, f"https://{HOST}{PATH}?vanish=3"], capture_output=True, timeout=30)
    assert done.returncode != 0 and b"[DONE]" not in done.stdout
    assert [event["action"] for event in proxy.events()[before:]] == ["allow"]


def test_an_origin_that_vanishes_before_its_answer_gives_a_bad_gateway(start):
    with socket.create_server(("127.0.0.1", 0)) as rude:
        rude.settimeout(20)
        proxy = start(settings={"upstream": {"resolve": {HOST: f"127.0.0.1:{rude.getsockname()[1]}"}}})
        with sluis.connect(proxy.port, HOST) as raw:
            raw.settimeout(20)
            try:
                stream = sluis.tls_start(raw, HOST, proxy.ca, lambda: rude.accept()[0].close())
                stream.sendall(prompt_request())
                assert sluis.read_head(stream).split(b" ")[1] in (b"502", b"504")
            except (ConnectionError, ssl.SSLError):
                pass  # a clean close before the handshake is a fair answer too


def test_an_idle_crowd_does_not_keep_others_out(proxy):
    crowd = [socket.create_connection(("127.0.0.1", proxy.port)) for _ in range(500)]
    try:
        assert ask(proxy) == 200
    finally:
        for member in crowd:
            member.close()
