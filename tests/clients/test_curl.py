"""curl through the proxy: HTTP/1.1, HTTP/2, absolute form, encodings, pages."""

import gzip
import json
import subprocess

import pytest
from texts import BSN, CLEAN, EMAIL, PERSONAL, SECRET

HOST = "api.openai.com"
CHAT = f"https://{HOST}/v1/chat/completions"


def curl(proxy, url, *arguments, body=None, stdin=None):
    """Status, headers and body as curl saw them."""
    command = ["curl", "-sS", "-i", "--max-time", "30", "--proxy", proxy.url, "--noproxy", "", "--suppress-connect-headers", "--cacert", str(proxy.ca), *arguments]
    if body is not None:
        command += ["-H", "content-type: application/json", "--data-binary", json.dumps(body)]
    done = subprocess.run([*command, url], capture_output=True, input=stdin, timeout=60)
    assert done.returncode == 0, done.stderr.decode()
    head, _, rest = done.stdout.partition(b"\r\n\r\n")
    return int(head.split()[1]), head.decode().lower(), rest


def chat(prompt, **more):
    return {"model": "gpt-5", "messages": [{"role": "user", "content": prompt}], **more}


@pytest.mark.parametrize("version", ["--http1.1", "--http2"])
def test_a_clean_prompt_passes_by_both_versions_of_http(proxy, watch, version):
    seen = watch(HOST)
    status, head, body = curl(proxy, CHAT, version, body=chat(CLEAN))
    assert status == 200 and json.loads(body)["choices"][0]["message"]["content"] == f"Ik heb gelezen: {CLEAN}"
    assert head.startswith("http/2" if version == "--http2" else "http/1.1")
    assert len(seen.bodies()) == 1


@pytest.mark.parametrize("version", ["--http1.1", "--http2"])
def test_a_bsn_is_refused_with_the_tool_s_own_error_form(proxy, watch, version):
    seen = watch(HOST)
    status, head, body = curl(proxy, CHAT, version, body=chat(SECRET))
    error = json.loads(body)["error"]
    assert status == 403 and "niet verstuurd" in error["message"] and BSN not in error["message"]
    assert "x-should-retry: false" in head and "x-sluis-verdict:" in head
    assert seen.bodies() == [] and seen.actions() == ["block"]


def test_a_refusal_may_be_read_by_the_page_that_asked(proxy):
    _, head, _ = curl(proxy, "https://chatgpt.com/backend-api/f/conversation", "-H", "Origin: https://chatgpt.com", "-H", "Sec-Fetch-Mode: cors", body={
        "action": "next", "messages": [{"author": {"role": "user"}, "content": {"content_type": "text", "parts": [SECRET]}}],
    })
    assert "access-control-allow-origin: https://chatgpt.com" in head and "access-control-allow-credentials: true" in head


def test_an_e_mail_address_is_replaced_and_restored(proxy, watch):
    seen = watch(HOST)
    _, _, body = curl(proxy, CHAT, body=chat(PERSONAL))
    assert json.loads(body)["choices"][0]["message"]["content"] == f"Ik heb gelezen: {PERSONAL}"
    assert EMAIL not in seen.bodies()[0] and "[EMAIL-1]" in seen.bodies()[0]


@pytest.mark.parametrize("stream", [False, True])
def test_an_e_mail_address_is_restored_in_a_compressed_answer(proxy, watch, stream):
    seen = watch(HOST)
    status, _, body = curl(proxy, f"{CHAT}?gzip=1", "--compressed", body=chat(PERSONAL, stream=stream))
    assert status == 200 and EMAIL not in seen.bodies()[0]
    if stream:
        lines = [line[6:] for line in body.decode().splitlines() if line.startswith("data: {")]
        text = "".join(json.loads(line)["choices"][0]["delta"].get("content") or "" for line in lines)
    else:
        text = json.loads(body)["choices"][0]["message"]["content"]
    assert text == f"Ik heb gelezen: {PERSONAL}"


def test_a_compressed_prompt_is_read(proxy, watch):
    seen = watch(HOST)
    packed = gzip.compress(json.dumps(chat(SECRET)).encode())
    status, _, _ = curl(proxy, CHAT, "-H", "content-type: application/json", "-H", "content-encoding: gzip", "--data-binary", "@-", stdin=packed)
    assert status == 403 and seen.bodies() == []


@pytest.mark.parametrize(
    "url,body,text",
    [
        ("https://chatgpt.com/backend-api/f/conversation", {"action": "next", "messages": [{"author": {"role": "user"}, "content": {"content_type": "text", "parts": [PERSONAL]}}]}, None),
        ("https://claude.ai/api/organizations/o/chat_conversations/c/completion", {"prompt": PERSONAL}, None),
    ],
)
def test_an_e_mail_address_is_replaced_and_restored_in_chat_sites(proxy, watch, url, body, text):
    host = url.split("/")[2]
    seen = watch(host)
    status, _, answer = curl(proxy, url, body=body)
    assert status == 200 and EMAIL not in seen.bodies()[0] and "[EMAIL-1]" in seen.bodies()[0]
    pieces = []
    for line in answer.decode().splitlines():
        if line.startswith("data: {"):
            event = json.loads(line[6:])
            if isinstance(event.get("v"), str):
                pieces.append(event["v"])
            if event.get("type") == "content_block_delta":
                pieces.append(event["delta"]["text"])
    assert "".join(pieces) == f"Ik heb gelezen: {PERSONAL}"


def test_a_forbidden_tool_shows_a_page_to_a_person_and_an_error_to_a_program(proxy, watch):
    seen = watch("chat.deepseek.com")
    status, head, page = curl(proxy, "https://chat.deepseek.com/", "-H", "Accept: text/html", "-H", "Sec-Fetch-Mode: navigate", "-H", "Accept-Language: nl")
    assert status == 403 and "text/html" in head and 'lang="nl"' in page.decode()
    status, head, _ = curl(proxy, "https://chat.deepseek.com/api/v0/chat/completion", body={"prompt": CLEAN})
    assert "application/json" in head and seen.bodies() == []


def test_a_warning_is_given_once_and_the_link_lets_the_same_message_pass(proxy, watch):
    seen, ask = watch("poe.com"), {"queryName": "sendMessageMutation", "variables": {"query": CLEAN, "bot": "x"}}
    url = "https://poe.com/api/gql_POST"
    _, head, body = curl(proxy, url, body=ask)
    assert seen.bodies() == [] and "x-sluis-verdict: warn" in head
    text = body.decode().replace("\\/", "/")
    link = text[text.index("http://sluis.internal/continue/") :].split('"')[0].split()[0].split("\\")[0].rstrip(".)")
    status, _, _ = curl(proxy, link, "-H", "Accept: text/html")
    assert status < 400
    status, _, _ = curl(proxy, url, body=ask)
    assert status == 200 and len(seen.bodies()) == 1


def test_plain_http_in_absolute_form_goes_through(proxy):
    status, _, body = curl(proxy, "http://intranet.voorbeeld.example:443/bytes/10")
    assert status == 200 and body == b"x" * 10


def test_the_proxy_answers_for_itself_under_its_own_name(proxy):
    status, _, body = curl(proxy, "http://sluis.internal/ca.pem")
    assert status == 200 and body.decode().strip() == proxy.ca.read_text().strip()
    status, _, body = curl(proxy, "http://sluis.internal/proxy.pac")
    assert status == 200 and "FindProxyForURL" in body.decode() and "chatgpt.com" in body.decode()
    status, head, _ = curl(proxy, "http://sluis.internal/", "-H", "Accept-Language: en")
    assert status == 200 and "text/html" in head


def test_the_console_serves_the_pac_file_too(proxy):
    for path in ("/proxy.pac", "/wpad.dat"):
        status, body = proxy.get(proxy.console, path)
        assert status == 200 and f"PROXY 127.0.0.1:{proxy.port}" in body
