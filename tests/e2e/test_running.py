"""The proxy as a running service: policy reload, record, metrics, tampering, a locked store, draining, and the commands around it."""

import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import stat
import subprocess
import time
from pathlib import Path

import pytest
import sluis
from raw import HOST, Session, ask, prompt_request
from texts import BSN, CLEAN, EMAIL, PERSONAL, SECRET


def edit(proxy, before, after):
    """Changes the policy as an editor does: a new file moved over the old."""
    file = proxy.policies / "policy.yaml"
    text = file.read_text()
    assert before in text
    new = file.with_suffix(".new")
    new.write_text(text.replace(before, after))
    new.rename(file)


def test_a_changed_policy_is_picked_up_without_dropping_a_connection(start):
    proxy = start()
    with Session(proxy) as kept:
        kept.send(prompt_request())
        assert kept.answer()[0] == 200
        edit(proxy, "openai-api: { status: approved, up-to: public }", "openai-api: { status: forbidden }")
        sluis.wait_for(lambda: ask(proxy) == 403, "the changed policy rules")
        kept.send(prompt_request())
        assert kept.answer()[0] == 403
    assert proxy.metric("sluis_policy_reloads_total") >= 1


def test_a_stream_under_way_survives_a_reload(start):
    proxy = start()
    with Session(proxy) as session:
        session.send(prompt_request(CLEAN, stream=True))
        sluis.read_head(session.stream)
        chunks = session.chunks()
        next(chunks)
        edit(proxy, "openai-api: { status: approved, up-to: public }", "openai-api: { status: forbidden }")
        assert b"".join(chunks).endswith(b"data: [DONE]\n\n")


@pytest.mark.parametrize(
    "before,after",
    [("openai-api: { status: approved", "openai-api: { status: aproved"), ("sluis: 1", "sluis: [1"), ("  chatgpt:", "  chatgtp:")],
    ids=["unknown status", "broken YAML", "unknown tool"],
)
def test_a_broken_policy_is_refused_while_the_old_one_stays(start, before, after):
    proxy = start()
    version = re.search(r'sluis_policy_info\{[^}]*version="([^"]+)"', proxy.metrics())[1]
    failures = proxy.metric("sluis_policy_reloads_total")
    edit(proxy, before, after)
    sluis.wait_for(lambda: proxy.metric("sluis_policy_reloads_total") > failures, "the failed reload is counted")
    assert ask(proxy) == 200 and ask(proxy, SECRET) == 403
    assert f'version="{version}"' in proxy.metrics()
    assert "policy.yaml" in proxy.log.read_text()
    edit(proxy, after, before)
    assert ask(proxy) == 200


def test_decisions_are_counted_and_recorded_without_what_was_written(start):
    proxy = start()
    assert (ask(proxy), ask(proxy, SECRET), ask(proxy, PERSONAL)) == (200, 403, 200)
    for action in ("allow", "block", "redact"):
        assert proxy.metric("sluis_requests_total", tool="openai-api", action=action) == 1, action
    assert proxy.metric("sluis_findings_total", detector="nl.bsn", action="block") == 1
    assert proxy.metric("sluis_findings_total", detector="email", action="redact") == 1
    sluis.wait_for(lambda: proxy.metric("sluis_tokens_total", tool="openai-api", kind="output") > 0, "tokens of the answers are counted")
    assert proxy.metric("sluis_audit_events_total") >= 3 and proxy.metric("sluis_build_info") == 1
    assert proxy.metric("sluis_added_latency_seconds_count") > 0
    events = proxy.events()
    assert [event["action"] for event in events] == ["allow", "block", "redact"]
    needed = "id time organisation node subject tool category kind host direction action mode status class findings bytes_in added_us policy client reason previous hash"
    for event in events:
        assert set(needed.split()) <= set(event), set(needed.split()) - set(event)
    assert events[1]["class"] == "secret" and events[1]["findings"][0]["detector"] == "nl.bsn"
    proxy.stop()
    proxy.assert_chained()
    everything = b"".join(file.read_bytes() for file in proxy.data.rglob("*") if file.is_file()) + proxy.log.read_bytes()
    for words in (BSN, EMAIL, CLEAN[:40], "bijstand"):
        assert words.encode() not in everything, words


def test_health_is_told_to_machines(proxy):
    assert proxy.get(proxy.metrics_port, "/healthz")[0] == 200
    assert proxy.get(proxy.metrics_port, "/readyz")[0] == 200


def test_the_store_holds_what_the_audit_log_holds(start):
    proxy = start()
    for text in (CLEAN, SECRET, PERSONAL) * 5:
        ask(proxy, text)
    proxy.stop()
    with sqlite3.connect(proxy.data / "sluis.db") as store:
        tables = [name for (name,) in store.execute("select name from sqlite_master where type = 'table'")]
        assert "events" in tables, tables
        assert store.execute("select count(*) from events").fetchone()[0] == 15


def test_a_locked_store_delays_nothing_and_loses_nothing(start):
    proxy = start()
    assert ask(proxy) == 200
    sluis.wait_for((proxy.data / "sluis.db").exists, "the store exists")
    lock = sqlite3.connect(proxy.data / "sluis.db", isolation_level=None)
    lock.execute("begin exclusive")
    began = time.monotonic()
    assert [ask(proxy) for _ in range(10)] == [200] * 10 and time.monotonic() - began < 8
    assert len(proxy.events()) == 11
    lock.execute("rollback")
    lock.close()

    def stored():
        with sqlite3.connect(proxy.data / "sluis.db") as store:
            return store.execute("select count(*) from events").fetchone()[0] == 11

    sluis.wait_for(stored, "the store has caught up", 30)


def test_a_killed_proxy_has_lost_no_event_and_goes_on_with_the_chain(start, origin, tmp_path):
    proxy = start()
    for _ in range(5):
        ask(proxy)
    os.kill(proxy.pid, signal.SIGKILL)
    proxy.child.wait()
    assert len(proxy.events()) == 5
    again = sluis.Process([sluis.BIN, "run", "--config", proxy.config], tmp_path / "again.log")
    try:
        proxy.child, proxy.log = again.child, again.log
        sluis.wait_for(proxy.ready, "the proxy is ready again")
        assert ask(proxy) == 200
        assert len(proxy.events()) == 6
        assert again.stop() == 0
        proxy.assert_chained()
    finally:
        again.kill()
    verified = proxy.sluis("audit", "verify", "--config", str(proxy.config))
    assert verified.returncode == 0, verified.stdout + verified.stderr


@pytest.fixture(scope="module")
def ledger(origin, tmp_path_factory):
    """The folder of a proxy that recorded ten decisions and was stopped."""
    proxy = sluis.Proxy(tmp_path_factory.mktemp("ledger") / "home", origin)
    for text in (CLEAN, SECRET) * 5:
        ask(proxy, text)
    proxy.stop()
    return proxy


def tampered(ledger, tmp_path, change):
    home = tmp_path / "home"
    shutil.copytree(ledger.folder, home)
    text = ledger.config.read_text().replace(str(ledger.folder), str(home))
    (home / "sluis.yaml").write_text(text)
    files = [file for file in sorted((home / "data" / "audit").glob("*.jsonl")) if file.stat().st_size]
    lines = files[0].read_text().splitlines(keepends=True)
    files[0].write_text("".join(change(lines)))
    done = subprocess.run([sluis.BIN, "audit", "verify", "--config", str(home / "sluis.yaml")], capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout + done.stderr, files[0].name


def test_an_untouched_audit_log_verifies(ledger, tmp_path):
    status, said, _ = tampered(ledger, tmp_path, lambda lines: lines)
    assert status == 0, said


@pytest.mark.parametrize(
    "change,line",
    [
        (lambda lines: [*lines[:2], lines[2].replace("allow", "block") if "allow" in lines[2] else lines[2].replace("block", "allow"), *lines[3:]], 3),
        (lambda lines: lines[:3] + lines[4:], 4),
        (lambda lines: lines[:3] + [lines[1]] + lines[3:], 4),
        (lambda lines: lines[:3] + [lines[4], lines[3]] + lines[5:], 4),
        (lambda lines: lines[:-1], None),
        (lambda lines: [*lines[:-1], lines[-1][: len(lines[-1]) // 2]], None),
    ],
    ids=["changed", "deleted", "inserted", "swapped", "last line gone", "last line cut"],
)
def test_tampering_is_found_and_the_line_is_named(ledger, tmp_path, change, line):
    status, said, name = tampered(ledger, tmp_path, change)
    assert status == 1 and name in said, said
    if line:
        assert re.search(rf"\b{line}\b", said.replace(name, "")), said


def test_sigterm_drains_an_answer_in_progress(start):
    proxy = start()
    with Session(proxy) as session:
        session.send(prompt_request(CLEAN, stream=True))
        sluis.read_head(session.stream)
        chunks = session.chunks()
        next(chunks)
        os.kill(proxy.pid, signal.SIGTERM)
        time.sleep(0.3)
        with pytest.raises(OSError):
            socket.create_connection(("127.0.0.1", proxy.port), timeout=1)
        assert b"".join(chunks).endswith(b"data: [DONE]\n\n")
    assert proxy.child.wait(10) == 0


def test_a_taken_port_is_told_and_fails_with_the_environment_s_status(start, tmp_path):
    proxy = start()
    document = json.loads(proxy.config.read_text())
    document["data-dir"] = "./other"
    (tmp_path / "second.yaml").write_text(json.dumps(document))
    done = subprocess.run([sluis.BIN, "run", "--config", tmp_path / "second.yaml"], capture_output=True, text=True, timeout=30)
    assert done.returncode == 3 and str(proxy.port) in done.stderr


def test_a_mistake_in_the_settings_names_its_place(tmp_path):
    (tmp_path / "sluis.yaml").write_text("data-dir: ./data\nlisten:\n  explicitt: []\n")
    done = subprocess.run([sluis.BIN, "run", "--config", tmp_path / "sluis.yaml"], capture_output=True, text=True, timeout=30)
    assert done.returncode != 0 and "sluis.yaml:3:3" in done.stderr and "explicit" in done.stderr


def test_sluis_run_with_no_arguments_in_an_empty_folder_says_what_to_do_next(tmp_path):
    for port in (8080, 9080, 9090):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                pytest.fail(f"port {port} is taken: this test runs Sluis on its own default ports, so stop what listens there")
    process = subprocess.Popen([sluis.BIN, "run"], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, stdin=subprocess.DEVNULL)
    try:
        sluis.wait_for(lambda: ready_at(9090), "the proxy is ready")
        key = tmp_path / "sluis-data" / "ca.key"
        assert stat.S_IMODE(key.stat().st_mode) == 0o600
    finally:
        process.send_signal(signal.SIGINT)
        said, _ = process.communicate(timeout=20)
    assert process.returncode == 0, said
    assert "curl" in said and "127.0.0.1:8080" in said and "127.0.0.1:9080" in said


def ready_at(port):
    try:
        return sluis.Proxy.get(port, "/readyz")[0] == 200
    except OSError:
        return False


def test_the_demo_fills_its_console_and_leaves_nothing_behind(tmp_path):
    base = next(port for port in range(20_000, 60_000, 97) if all(free(port + more) for more in (0, 1000, 1010)))
    process = subprocess.Popen(
        [sluis.BIN, "demo", "--port", str(base), "--for", "12s", "--fast"],
        env={**os.environ, "TMPDIR": str(tmp_path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        stdin=subprocess.DEVNULL,
    )
    sluis.wait_for(lambda: ready_at(base + 1010), "the demo is ready")
    time.sleep(6)
    status, page = sluis.Proxy.get(base + 1000, "/")
    said, errors = process.communicate(timeout=60)
    assert process.returncode == 0 and status == 200, errors
    assert "\x1b" not in said and len(said.splitlines()) == 4, said
    assert re.search(r"[1-9]\d* decisions · [1-9]\d* passed .*[1-9]\d* stopped", said), said
    assert "got no answer" not in errors and "ChatGPT" in page
    assert list(Path(tmp_path).iterdir()) == []


def free(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def test_help_has_an_example_for_the_demo():
    done = subprocess.run([sluis.BIN, "demo", "--help"], capture_output=True, text=True, timeout=10)
    assert "Example" in done.stdout and "--origin-only" not in done.stdout


