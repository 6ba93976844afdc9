"""What zsh and fish offer behind a tabulator; bash's is tried with the package."""

import os
import pty
import select
import shutil
import subprocess
import time

import pytest

EXPORTCHECK = os.environ.get("EXPORTCHECK", "build/dev/exportcheck")
# What is typed, and what stands there once the tabulator was pressed.
TYPED = [("check --buck", "check --bucket"), ("check --fail-on hi", "check --fail-on high"), ("rules sho", "rules show"), ("coll", "collect"),
         ("check -o junit:", "check -o junit:file"), ("check --verb", "check --verbose")]


def script(shell, folder):
    path = folder / f"completion.{shell}"
    path.write_bytes(subprocess.run([EXPORTCHECK, "completion", shell], check=True, capture_output=True).stdout)
    return path


class Zsh:
    """An interactive zsh on a terminal of its own."""

    def __init__(self, folder):
        self.shown = b""
        pid, self.terminal = pty.fork()
        if pid == 0:
            os.chdir(folder)
            os.execvpe("zsh", ["zsh", "-f", "-i"], {"PATH": os.environ["PATH"], "TERM": "dumb", "LC_ALL": "C.UTF-8", "HOME": str(folder)})
        self.write(f"autoload -U compinit; compinit -u -D; source {script('zsh', folder)}; compdef _exportcheck exportcheck; echo REA''DY\n")
        self.wait_for(b"READY")

    def write(self, text):
        self.shown = b""
        os.write(self.terminal, text.encode())

    def wait_for(self, words):
        end = time.monotonic() + 30
        while words not in self.shown:
            if not select.select([self.terminal], [], [], max(0, end - time.monotonic()))[0]:
                raise AssertionError(f"{words} never came: {self.shown!r}")
            self.shown += os.read(self.terminal, 4096)


def test_zsh(tmp_path):
    if not shutil.which("zsh"):
        pytest.skip("SKIPPED: there is no zsh")
    zsh = Zsh(tmp_path)
    for typed, completed in TYPED:
        zsh.write(f"exportcheck {typed}\t")
        zsh.wait_for(f"exportcheck {completed}".encode())
        zsh.write("\x15")


@pytest.mark.parametrize("typed,completed", TYPED)
def test_fish(tmp_path, typed, completed):
    if not shutil.which("fish"):
        pytest.skip("SKIPPED: there is no fish")
    done = subprocess.run(["fish", "--no-config", "-c", f"source {script('fish', tmp_path)}; complete -C 'exportcheck {typed}'"], cwd=tmp_path,
                          capture_output=True, text=True, check=True, env={"PATH": os.environ["PATH"], "HOME": str(tmp_path)}, timeout=60)
    assert completed.split()[-1] in [line.split("\t")[0] for line in done.stdout.splitlines()]
