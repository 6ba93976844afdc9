"""The CSV reader of `costs` against Python's csv module, which OptScale's import uses, on 10,000 made-up files."""

import csv
import io
import json
import os
import pathlib
import random
import subprocess

import pytest

PROGRAM = pathlib.Path(os.environ.get("EXPORTCHECK", "build/dev/exportcheck")).with_name("bench_csv")
PIECES = ["a", "b c", ",", ",", ",", '"', '"', '""', "\n", "\n", "\r\n", "\r", '"x,y"', '"x\ny"', '{""k"":""v""}', "é",
          "a long text that passes the end of a block of sixty-four bytes, " * 2, "0.0000104166"]


def text_of(chance):
    return "".join(chance.choices(PIECES, k=chance.randrange(60)))


def written_by_csv(chance):
    """As AWS writes: quotes where they are needed."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator=chance.choice(["\n", "\r\n"]))
    for _ in range(chance.randrange(1, 6)):
        writer.writerow([text_of(chance) for _ in range(chance.randrange(1, 8))])
    return out.getvalue()


def test_10000_files_read_as_python_reads_them():
    if not PROGRAM.exists():
        pytest.skip(f"{PROGRAM} is not built")
    chance = random.Random(11)
    texts = [text_of(chance) if number % 2 else written_by_csv(chance) for number in range(10000)]
    framed = b"".join(b"%d\n%s" % (len(data), data) for data in (text.encode() for text in texts))
    done = subprocess.run([PROGRAM], input=framed, capture_output=True, check=True, timeout=120)
    lines = done.stdout.decode().split("\n")[:-1]
    assert len(lines) == len(texts)
    for text, line in zip(texts, lines):
        expected = list(csv.reader(io.StringIO(text, newline="")))
        if all(len(row) < 64 for row in expected):
            assert json.loads(line) == expected, repr(text)
