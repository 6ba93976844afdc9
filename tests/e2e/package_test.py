"""The Debian package: made, put into a scratch root, run there, and removed without a trace."""

import gzip
import os
import pathlib
import shutil
import subprocess

import pytest

PROGRAM = pathlib.Path(os.environ["EXPORTCHECK"])
BUILD = PROGRAM.parent
CACHE = (BUILD / "CMakeCache.txt").read_text(encoding="utf-8")

pytestmark = [
    pytest.mark.skipif("CMAKE_BUILD_TYPE:STRING=Release" not in CACHE, reason="packages are made of release builds"),
    pytest.mark.skipif(not shutil.which("dpkg-shlibdeps"), reason="there is no dpkg-shlibdeps (package dpkg-dev)"),
]


def run(*words, **more):
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True, timeout=120, check=False, **more)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    folder = tmp_path_factory.mktemp("package")
    run("cpack", "-G", "DEB", "-B", folder, cwd=BUILD)
    (deb,) = folder.glob("*.deb")
    return deb


@pytest.fixture(scope="module")
def root(package, tmp_path_factory):
    """A root of its own with the package installed, as dpkg sees it."""
    root = tmp_path_factory.mktemp("root")
    admin = root / "var/lib/dpkg"
    for folder in ("info", "updates", "triggers"):
        (admin / folder).mkdir(parents=True)
    for name in ("status", "available"):
        (admin / name).touch()
    run("dpkg", f"--root={root}", "--force-not-root", "--force-depends", "--install", package)
    return root


def test_lintian_finds_no_error(package):
    if not shutil.which("lintian"):
        pytest.skip("there is no lintian")
    done = subprocess.run(["lintian", "--fail-on", "error", "--allow-root", str(package)], capture_output=True, text=True,
                          timeout=120, check=False)
    assert done.returncode == 0, done.stdout


def test_the_demonstration_works_from_the_package(root, tmp_path):
    run(root / "usr/bin/exportcheck", "demo", "--output-dir", tmp_path / "demo")
    assert (tmp_path / "demo/report.html").stat().st_size > 10_000


def test_each_command_has_a_page(root):
    commands = run(PROGRAM, "--help").split("\n\n")[2].splitlines()
    pages = {path.name for path in (root / "usr/share/man/man1").iterdir()}
    assert len(commands) >= 12
    assert pages == {"exportcheck.1.gz"} | {f"exportcheck-{line.split()[0]}.1.gz" for line in commands}


def test_a_page_holds_the_options_and_renders_without_a_warning(root):
    page = root / "usr/share/man/man1/exportcheck-check.1.gz"
    source = gzip.decompress(page.read_bytes()).decode()
    assert "\\-\\-save\\-snapshot" in source
    if not shutil.which("man") or not shutil.which("groff"):
        pytest.skip("there is no man with groff")
    done = subprocess.run(["man", "--warnings", "-E", "UTF-8", "-l", str(page)], capture_output=True, text=True,
                          timeout=60, check=False, env={**os.environ, "LC_ALL": "C.UTF-8"})
    assert "--save-snapshot FILE" in done.stdout and not done.stderr


def completed(root, *words):
    """What bash offers for the last of these words."""
    script = root / "usr/share/bash-completion/completions/exportcheck"
    line = " ".join(f"'{word}'" for word in words)
    return run("bash", "-c", f"source '{script}'; COMP_WORDS=({line}); COMP_CWORD={len(words) - 1}; _exportcheck; "
                             "printf '%s\\n' \"${COMPREPLY[@]}\"").split()


def test_bash_completes_options_values_and_words(root):
    assert completed(root, "exportcheck", "check", "--buck") == ["--bucket"]
    assert completed(root, "exportcheck", "check", "--fail-on", "h") == ["high"]
    assert completed(root, "exportcheck", "rules", "s") == ["show"]
    assert "junit:file" in completed(root, "exportcheck", "check", "-o", "j")
    assert completed(root, "exportcheck", "coll") == ["collect"]


@pytest.mark.parametrize("shell, path", [("zsh", "zsh/vendor-completions/_exportcheck"),
                                         ("fish", "fish/vendor_completions.d/exportcheck.fish")])
def test_other_shells_read_their_completion(root, shell, path):
    if not shutil.which(shell):
        pytest.skip(f"there is no {shell}")
    run(shell, "-n", root / "usr/share" / path)


def test_nothing_stays_when_it_is_removed(root):
    run("dpkg", f"--root={root}", "--force-not-root", "--remove", "exportcheck")
    left = [path for path in (root / "usr").rglob("*") if path.is_file()] if (root / "usr").exists() else []
    assert left == []
