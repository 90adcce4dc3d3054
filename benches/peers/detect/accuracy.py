#!/usr/bin/env python3
"""Runs the other tools over the labelled texts and writes what they find, for the corpus test to score by its own rules.

    accuracy.py OUT [TOOL...]

Gives OUT/TOOL.json each; then `SLUIS_CORPUS_PEERS=OUT cargo test --test corpus` puts the scores in tests/corpus/peers.json. See README.md.
"""

import datetime
import json
import pathlib
import sys
import time

from tools import TOOLS

CORPUS = pathlib.Path(__file__).resolve().parents[3] / "tests" / "corpus"


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    out = pathlib.Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    for name in sys.argv[2:] or TOOLS:
        tool = TOOLS[name]()
        files = {}
        for path in sorted(CORPUS.glob("*.jsonl")):
            began = time.perf_counter()
            rows = [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]
            files[path.name] = {row["id"]: found for row in rows if (found := tool.find(row["text"]))}
            print(f"{tool.name} {tool.version}: {path.name} in {time.perf_counter() - began:.1f} s", file=sys.stderr)
        result = {
            "name": tool.name,
            "version": tool.version,
            "note": tool.note,
            "measured": datetime.date.today().isoformat(),
            "kinds": tool.kinds,
            "files": files,
        }
        (out / f"{name}.json").write_text(json.dumps(result))


if __name__ == "__main__":
    main()
