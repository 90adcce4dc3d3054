"""The documents keep up with the code: dependencies with a reason, links that lead somewhere, the commands of the README."""

import re
import subprocess
import tomllib

import pytest
import sluis

DOCUMENTS = sorted([*sluis.ROOT.glob("*.md"), *(sluis.ROOT / "docs").rglob("*.md")])


def test_every_dependency_has_a_reason_and_every_reason_a_dependency():
    manifest = tomllib.loads((sluis.ROOT / "Cargo.toml").read_text())
    used = set(manifest["dependencies"]) | set(manifest.get("dev-dependencies", {})) | set(manifest.get("build-dependencies", {}))
    rows = [line for line in (sluis.ROOT / "docs" / "dependencies.md").read_text().splitlines() if line.startswith("| `")]
    told = {name for row in rows for name in re.findall(r"`([^`]+)`", row.split("|")[1])} - {"serde-saphyr"}
    assert told == used, f"without a reason: {sorted(used - told)}; without a dependency: {sorted(told - used)}"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(sluis.ROOT)))
def test_every_link_within_the_repository_leads_somewhere(document):
    links = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", document.read_text())
    missing = [link for link in links if not re.match(r"[a-z]+:", link) and not (document.parent / link).exists()]
    assert missing == []


@pytest.mark.parametrize("command", sorted(set(re.findall(r"sluis (run|demo|check|test|explain|scan|ca|audit|catalogue|completions)\b", (sluis.ROOT / "README.md").read_text()))))
def test_commands_named_in_the_readme_exist(command):
    assert subprocess.run([str(sluis.BIN), command, "--help"], capture_output=True, timeout=10).returncode == 0
