"""The account that `exportcheck demo` serves is what its script makes of the healthy one."""

import subprocess
import sys

sys.exit(subprocess.run([sys.executable, "scripts/generate-demo-account", "--check"], check=False).returncode)
