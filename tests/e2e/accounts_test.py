"""The sample accounts are what their script writes, and those set up as the documentation says pass."""

import os
import pathlib
import subprocess
import sys

import pytest

EXPORTCHECK = os.environ.get("EXPORTCHECK", "build/dev/exportcheck")
TESTS = pathlib.Path(__file__).resolve().parents[1]
HEALTHY = ["root-existing-cur2", "root-existing-legacy", "root-existing-athena", "root-existing-nested"]


def test_the_variants_are_as_generated():
    subprocess.run([sys.executable, str(TESTS / "generate_accounts.py"), "--check"], check=True)


@pytest.mark.parametrize("name", HEALTHY)
def test_an_account_set_up_as_documented_exits_0(name):
    done = subprocess.run([EXPORTCHECK, "check", "--snapshot", str(TESTS / "accounts" / f"{name}.json")],
                          capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout
