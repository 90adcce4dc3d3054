#!/usr/bin/env python3
"""How fast `sluis scan`, Hyperscan and the other tools read the same Dutch prose, in one run on one core.

    throughput.py SLUIS [--megabytes 64] [--core 1] [--write]

The prose is `tests/corpus/public/` repeated. Sluis is the whole process (start taken off): reading, normalising, all detectors, words around a value, JSON. Hyperscan is its scan
call alone, on one block, with the patterns below: it finds shapes, without check digits or context. The Python tools get a smaller piece. `--write` puts the figures in
tests/corpus/peers.json, from which docs/detection-scores.md shows them.
"""

import argparse
import datetime
import json
import os
import pathlib
import platform
import statistics
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[3]
CORPUS = ROOT / "tests" / "corpus"

# The shapes that the detectors look for, as a regular expression each.
PATTERNS = {
    "bsn": r"\b[0-9]{8,9}\b",
    "bsn in groups": r"\b[0-9]{3,4}[. -][0-9]{2,3}[. -][0-9]{3}\b",
    "iban": r"\b[A-Z]{2}[0-9]{2} ?([A-Z0-9]{4} ?){2,7}[A-Z0-9]{1,4}\b",
    "payment-card": r"\b([0-9]{4}[ -]?){3}[0-9]{1,7}\b",
    "phone": r"(\+31|0031|\b0)[ -]?(\(0\))?[1-9]([ -]?[0-9]){8}\b",
    "email": r"\b[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}\b",
    "postcode": r"\b[1-9][0-9]{3} ?[A-Z]{2}\b",
    "licence-plate": r"\b([A-Z]{1,3}|[0-9]{1,3})-([A-Z]{2,3}|[0-9]{2,3})-([A-Z]{1,2}|[0-9]{1,2})\b",
    "date": r"\b[0-3]?[0-9][-/.][01]?[0-9][-/.](19|20)?[0-9]{2}\b",
    "document-number": r"\b[A-NP-Z]{2}[A-NP-Z0-9]{6}[0-9]\b",
    "ip-address": r"\b([0-9]{1,3}\.){3}[0-9]{1,3}\b",
    "mac-address": r"\b([0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}\b",
    "aws-access-key": r"\b(AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}\b",
    "github-token": r"\bgh[pousr]_[A-Za-z0-9]{36}\b",
    "gitlab-token": r"\bglpat-[A-Za-z0-9_-]{20}\b",
    "gcp-api-key": r"\bAIza[A-Za-z0-9_-]{35}\b",
    "openai-key": r"\bsk-(proj-)?[A-Za-z0-9_-]{20,}T3BlbkFJ[A-Za-z0-9_-]{20}",
    "anthropic-key": r"\bsk-ant-(api03|admin01)-[A-Za-z0-9_-]{93}AA\b",
    "slack-token": r"\bxox[abp]-[A-Za-z0-9-]{10,72}\b",
    "stripe-key": r"\b[sr]k_(live|test|prod)_[A-Za-z0-9]{10,99}\b",
    "jwt": r"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.",
    "private-key": r"-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----",
    "password": r"(?i)\b(password|wachtwoord|passwd|pwd|secret|token|api[_-]?key)\b ?(=|:|is) ?\S{6}",
    "connection-string": r"(?i)\bserver=[^;\n]+;[^\n]*password=",
    "basic-auth-url": r"\b[a-z]{2,10}://[^/\s:@]{1,60}:[^/\s:@]{1,60}@",
    "marking": r"(?i)\b(vertrouwelijk|geheim|confidentieel|TLP:(AMBER|RED))\b",
}


def rate(size, seconds):
    return size / seconds / 1e6


def best(run, rounds):
    """The median of some rounds, and what the last gave."""
    times, given = [], None
    for _ in range(rounds):
        began = time.perf_counter()
        given = run()
        times.append(time.perf_counter() - began)
    return statistics.median(times), given


def sluis(binary, path, rounds):
    size = path.stat().st_size
    with tempfile.TemporaryDirectory(prefix="throughput-") as folder:
        small = pathlib.Path(folder, "small.txt")
        small.write_text("a")

        def run(target):
            # A folder of its own, so that no settings file is met.
            done = subprocess.run([binary, "scan", "--format", "json", str(target)], cwd=folder, capture_output=True, check=True)
            found = json.loads(done.stdout)
            return len(found["findings"]) + found.get("omitted", 0)

        start, _ = best(lambda: run(small), rounds)
        took, count = best(lambda: run(path), rounds)
    version = subprocess.run([binary, "--version"], capture_output=True, text=True, check=True).stdout.split()[-1]
    note = f"whole process, start of {start * 1000:.0f} ms taken off; all detectors, validated and weighed"
    return {"name": "Sluis", "version": version, "mb_per_s": rate(size, took - start), "matches": count, "note": note}


def hyperscan(data, rounds, starts):
    import importlib.metadata

    import hyperscan as hs

    flags = hs.HS_FLAG_SOM_LEFTMOST if starts else 0
    database = hs.Database()
    database.compile(
        expressions=[pattern.encode() for pattern in PATTERNS.values()],
        ids=list(range(len(PATTERNS))),
        elements=len(PATTERNS),
        flags=[flags] * len(PATTERNS),
    )
    count = 0

    def matched(*_):
        nonlocal count
        count += 1

    def run():
        nonlocal count
        count = 0
        database.scan(data, match_event_handler=matched)
        return count

    took, count = best(run, rounds)
    what = "with start of match" if starts else "ends of matches only"
    note = f"{len(PATTERNS)} patterns, {what}; shapes only, each possible end counts"
    return {"name": "Hyperscan", "version": importlib.metadata.version("hyperscan"), "mb_per_s": rate(len(data), took), "matches": count, "note": note}


def python_tools(text):
    from tools import TOOLS

    for name, size in (("presidio", 200_000), ("deduce", 200_000), ("detect-secrets", 1_000_000)):
        tool = TOOLS[name]()
        # Texts of some pages each, as they come in practice.
        piece = text[:size]
        pages = [piece[at : at + 10_000] for at in range(0, len(piece), 10_000)]
        tool.find(pages[0])
        took, found = best(lambda: sum(len(tool.find(page)) for page in pages), 1)
        size = len(piece.encode())
        note = f"on {size / 1e6:.1f} MB of it, in texts of 10 KB; {tool.note}"
        yield {"name": tool.name, "version": tool.version, "mb_per_s": rate(size, took), "matches": found, "note": note}


def processor():
    try:
        lines = pathlib.Path("/proc/cpuinfo").read_text().splitlines()
        name = next(line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        name = platform.processor() or platform.machine()
    return f"{name}, {os.cpu_count()} cores, {platform.system()}"


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("sluis", help="a release build")
    arguments.add_argument("--megabytes", type=int, default=64)
    arguments.add_argument("--rounds", type=int, default=5)
    arguments.add_argument("--core", type=int, default=max(os.sched_getaffinity(0)), help="the core that everything runs on")
    arguments.add_argument("--write", action="store_true", help="keep the figures in tests/corpus/peers.json")
    given = arguments.parse_args()
    os.sched_setaffinity(0, {given.core})
    binary = os.path.abspath(given.sluis)

    pages = sorted((CORPUS / "public").glob("*.md"))
    one = "\n\n".join(page.read_text(encoding="utf-8") for page in pages)
    text = one * (given.megabytes * 1_000_000 // len(one.encode()) + 1)
    data = text.encode()
    rows = []
    with tempfile.NamedTemporaryFile(prefix="throughput-", suffix=".txt") as file:
        file.write(data)
        file.flush()
        path = pathlib.Path(file.name)
        rows.append(sluis(binary, path, given.rounds))
        rows += [hyperscan(data, given.rounds, starts) for starts in (False, True)]
        # Again, after the others: the two figures show how much the machine wanders.
        again = sluis(binary, path, given.rounds)
        rows[0]["note"] += f"; a second time after Hyperscan {again['mb_per_s']:.0f} MB/s"
    rows += python_tools(text)
    for row in rows:
        row["mb_per_s"] = round(row["mb_per_s"], 2)
        print(f"{row['name']:16} {row['version']:10} {row['mb_per_s']:9.2f} MB/s {row['matches']:9} {row['note']}")
    if given.write:
        path = CORPUS / "peers.json"
        peers = json.loads(path.read_text()) if path.exists() else {"accuracy": []}
        peers["throughput"] = {
            "measured": datetime.date.today().isoformat(),
            "machine": processor(),
            "input": f"{len(data) / 1e6:.0f} MB of Dutch policy prose (tests/corpus/public, repeated), {given.rounds} rounds, medians",
            "rows": rows,
        }
        path.write_text(json.dumps(peers, indent=2, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
