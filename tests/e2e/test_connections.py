"""Which connections are read and which sail past, and what the proxy refuses to connect to."""

import http.client
import socket
import ssl
import subprocess
import time

import pytest
import sluis
from raw import HOST, Session, ask, prompt_request
from texts import SECRET

OTHER = "intranet.voorbeeld.example"
NEVER = "chat.mistral.ai"  # `never-intercept` of the tests' policy


@pytest.mark.parametrize("host", [OTHER, NEVER])
def test_what_is_not_ours_to_read_is_tunnelled_with_the_origin_s_own_certificate(proxy, origin, host):
    with Session(proxy, host, ca=origin.ca) as session:
        assert session.stream.getpeercert(binary_form=True) == origin.certificate(host)


def test_a_tunnel_carries_every_byte_unchanged(proxy, origin):
    data = bytes(range(256)) * 4096
    with Session(proxy, OTHER, ca=origin.ca) as session:
        session.send(f"POST /echo HTTP/1.1\r\nHost: {OTHER}\r\nContent-Length: {len(data)}\r\n\r\n".encode() + data)
        status, _, body = session.answer()
    assert status == 200 and body == data


def test_a_tunnel_is_not_read_and_leaves_no_event(proxy, origin):
    before = len(proxy.events())
    with Session(proxy, OTHER, ca=origin.ca) as session:
        session.send(prompt_request(SECRET, host=OTHER))
        assert session.answer()[0] == 200
    assert len(proxy.events()) == before and SECRET in origin.seen(OTHER)[-1]["body"]


def test_a_tunnel_carries_what_is_not_tls(proxy, origin):
    with sluis.connect(proxy.port, OTHER) as raw:
        raw.sendall(f"GET /bytes/5 HTTP/1.1\r\nHost: {OTHER}\r\n\r\n".encode())
        assert sluis.read_head(raw).startswith(b"HTTP/1.1 200") and raw.recv(5) == b"xxxxx"


def test_a_catalogued_host_shows_a_leaf_of_our_ca_for_that_host(proxy, origin):
    with Session(proxy) as session:
        assert session.stream.getpeercert()["subjectAltName"] == (("DNS", HOST),)
        assert session.stream.getpeercert(binary_form=True) != origin.certificate(HOST)
    with pytest.raises(ssl.SSLCertVerificationError):
        Session(proxy, ca=origin.ca)


def test_http_2_is_offered_where_the_origin_takes_it(proxy):
    with Session(proxy, alpn=["h2", "http/1.1"]) as session:
        assert session.stream.selected_alpn_protocol() == "h2"


def test_http_2_is_not_offered_where_the_origin_does_not_take_it(start, tmp_path):
    old = sluis.Origin(tmp_path / "old", http1=True)
    try:
        proxy = start(origin=old)
        for _ in range(2):  # the first connection, and one after the proxy has learnt
            with Session(proxy, alpn=["h2", "http/1.1"]) as session:
                assert session.stream.selected_alpn_protocol() == "http/1.1"
                session.send(prompt_request())
                assert session.answer()[0] == 200
    finally:
        old.stop()


def test_the_origin_is_spoken_to_in_the_version_that_the_client_speaks(proxy, origin):
    for version, name in (("--http1.1", "HTTP/1.1"), ("--http2", "HTTP/2.0")):
        command = ["curl", "-sS", version, "--proxy", proxy.url, "--cacert", proxy.ca, "-H", "content-type: application/json", "-d", '{"messages":[{"role":"user","content":"Hallo"}]}', f"https://{HOST}/v1/chat/completions"]
        subprocess.run(command, check=True, capture_output=True, timeout=30)
        assert origin.seen(HOST)[-1]["version"] == name


def slowly(raw, host, ca, cut):
    """A TLS handshake over memory, whose ClientHello goes out in the pieces that `cut` makes of it."""
    context = ssl.create_default_context(cafile=str(ca))
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    session = context.wrap_bio(incoming, outgoing, server_hostname=host)
    first = True
    while True:
        try:
            session.do_handshake()
            raw.sendall(outgoing.read())
            return session
        except ssl.SSLWantReadError:
            data = outgoing.read()
            for piece in cut(data) if first else [data]:
                raw.sendall(piece)
                time.sleep(0.01 if first else 0)
            first = False
            received = raw.recv(65536)
            assert received, "the connection was closed during the handshake"
            incoming.write(received)


def segments(hello):
    """Every few bytes in a TCP segment of their own."""
    return [hello[at : at + 40] for at in range(0, len(hello), 40)]


def records(hello):
    """The same handshake message over many TLS records (RFC 8446, 5.1)."""
    out, body = [], hello[5:]
    for at in range(0, len(body), 50):
        part = body[at : at + 50]
        out.append(hello[:3] + len(part).to_bytes(2, "big") + part)
    return out


@pytest.mark.parametrize("cut", [segments, records])
@pytest.mark.parametrize("host,ours", [(HOST, True), (OTHER, False)])
def test_a_client_hello_in_pieces_is_understood(proxy, origin, cut, host, ours):
    with sluis.connect(proxy.port, host) as raw:
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        session = slowly(raw, host, proxy.ca if ours else origin.ca, cut)
        assert (session.getpeercert(binary_form=True) != origin.certificate(host)) == ours


def test_without_a_server_name_the_host_of_the_connect_decides(proxy):
    context = ssl.create_default_context(cafile=str(proxy.ca))
    context.check_hostname = False
    with sluis.connect(proxy.port, HOST) as raw, context.wrap_socket(raw) as stream:
        assert stream.getpeercert()["subjectAltName"] == (("DNS", HOST),)


def refused(port, host, target):
    try:
        sluis.connect(port, host, target).close()
        return "200"
    except ConnectionRefusedError as answer:
        return str(answer).split()[1]


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "127.1.2.3"])
def test_the_proxy_does_not_connect_to_its_own_listeners(start, host):
    proxy = start()  # loopback is allowed here, and still the own listeners are not
    targets = (proxy.port, proxy.console, proxy.metrics_port) if host in ("127.0.0.1", "localhost", "[::ffff:127.0.0.1]") else (proxy.port,)
    for target in targets:
        assert refused(proxy.port, host, target) in ("403", "502", "421")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0", OTHER])
def test_loopback_is_refused_unless_allowed_also_behind_a_name(start, origin, host):
    proxy = start(settings={"upstream": {"allow-private": []}})
    assert refused(proxy.port, host, origin.port) == "403"
    assert origin.seen(OTHER) is not None


def test_an_ai_host_that_resolves_to_loopback_is_refused_with_a_reason(start, origin):
    proxy = start(settings={"upstream": {"allow-private": []}})
    origin.clear(HOST)
    try:
        status = ask(proxy)
    except (ConnectionError, ssl.SSLError):
        status = 403  # refused at the CONNECT
    assert status in (403, 502) and origin.seen(HOST) == []


def test_an_origin_whose_certificate_cannot_be_trusted_is_not_reached(start, origin, tmp_path):
    stranger = sluis.Origin(tmp_path / "stranger")
    try:
        proxy = start(settings={"upstream": {"trust": [str(stranger.ca)]}})
        origin.clear(HOST)
        with Session(proxy) as session:
            session.send(f"GET / HTTP/1.1\r\nHost: {HOST}\r\nAccept: text/html\r\nSec-Fetch-Mode: navigate\r\n\r\n".encode())
            status, _, body = session.answer()
        assert status == 502 and HOST.encode() in body
        assert "upstream.trust" in proxy.log.read_text() and HOST in proxy.log.read_text()
        assert origin.seen(HOST) == []
    finally:
        stranger.stop()


def test_an_origin_that_is_not_there_gives_a_page_that_says_so(start):
    closed = sluis.free_port()
    proxy = start(settings={"upstream": {"resolve": {HOST: f"127.0.0.1:{closed}"}}})
    with Session(proxy) as session:
        session.send(f"GET / HTTP/1.1\r\nHost: {HOST}\r\nAccept: text/html\r\nSec-Fetch-Mode: navigate\r\nAccept-Language: nl\r\n\r\n".encode())
        status, _, body = session.answer()
    assert status in (502, 504) and HOST.encode() in body and b"<html" in body


def test_a_kept_connection_serves_many_prompts(proxy):
    connection = http.client.HTTPSConnection("127.0.0.1", proxy.port, context=ssl.create_default_context(cafile=str(proxy.ca)), timeout=20)
    connection.set_tunnel(HOST)
    for _ in range(20):
        connection.request("POST", "/v1/chat/completions", body=b'{"messages":[{"role":"user","content":"Hallo"}]}', headers={"Content-Type": "application/json"})
        answer = connection.getresponse()
        assert answer.status == 200 and b"Hallo" in answer.read()
    connection.close()
