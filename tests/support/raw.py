"""One prompt over a raw connection, for tests that hold every byte in their own hands."""

import json
import ssl

import sluis
from texts import CLEAN

HOST = "api.openai.com"


def prompt_request(text=CLEAN, host=HOST, path="/v1/chat/completions", stream=False, headers=""):
    body = json.dumps({"model": "gpt-5", "stream": stream, "messages": [{"role": "user", "content": text}]}).encode()
    head = f"POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n{headers}\r\n"
    return head.encode() + body


class Session:
    """A TLS connection to an AI host through the proxy."""

    def __init__(self, proxy, host=HOST, alpn=None, ca=None):
        self.stream = sluis.tls(sluis.connect(proxy.port, host), host, ca or proxy.ca, alpn)

    def send(self, data: bytes):
        self.stream.sendall(data)

    def answer(self) -> tuple[int, bytes, bytes]:
        """Status, head and body of one HTTP/1.1 answer; status 0 where the connection ended without one."""
        try:
            head = sluis.read_head(self.stream)
        except (OSError, ssl.SSLError):
            return 0, b"", b""
        if not head.endswith(b"\r\n\r\n"):
            return 0, head, b""
        fields = {name.strip().lower(): value.strip() for name, _, value in (line.partition(b":") for line in head.split(b"\r\n")[1:-2])}
        if b"content-length" in fields:
            body = self.exactly(int(fields[b"content-length"]))
        elif fields.get(b"transfer-encoding", b"").lower() == b"chunked":
            body = b"".join(self.chunks())
        else:
            body = sluis.read_all(self.stream)
        return int(head.split()[1]), head, body

    def exactly(self, length: int) -> bytes:
        out = b""
        while len(out) < length:
            piece = self.stream.recv(length - len(out))
            if not piece:
                break
            out += piece
        return out

    def chunks(self):
        """The chunks of an answer as they come; fails where the answer breaks off."""
        while True:
            line = b""
            while not line.endswith(b"\r\n"):
                byte = self.stream.recv(1)
                if not byte:
                    raise ConnectionError("the answer broke off")
                line += byte
            size = int(line.split(b";")[0], 16)
            chunk = self.exactly(size)
            self.exactly(2)
            if size == 0:
                return
            yield chunk

    def close(self):
        self.stream.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def ask(proxy, text=CLEAN, **more) -> int:
    """The status of one prompt on a connection of its own."""
    with Session(proxy, more.get("host", HOST)) as session:
        session.send(prompt_request(text, **more))
        return session.answer()[0]
