"""Runs a command with the stand-in and the proxy up: `python tests/support/serve.py node --test ...`.

The command finds HTTPS_PROXY, NODE_EXTRA_CA_CERTS and SSL_CERT_FILE as a user would set them, and for its checks SLUIS_TEST_STATE: a file
with the address and CA of the stand-in and the folder of the audit log.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import sluis


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="sluis-test-") as folder:
        folder = Path(folder)
        origin = sluis.Origin(folder / "origin", interval_ms=60)
        proxy = None
        try:
            proxy = sluis.Proxy(folder / "home", origin, policies=sluis.ROOT / "policies")
            state = folder / "state.json"
            state.write_text(json.dumps({"origin": {"host": origin.host, "port": origin.port, "ca": str(origin.ca)}, "audit": str(proxy.data / "audit")}))
            return subprocess.run(sys.argv[1:], env={**os.environ, **proxy.env(), "SLUIS_TEST_STATE": str(state)}, check=False).returncode
        finally:
            if proxy:
                proxy.stop()
            origin.stop()


if __name__ == "__main__":
    sys.exit(main())
