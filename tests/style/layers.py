"""Includes run downward: no file names a header of a layer above or beside its own (docs/architecture.md)."""

import pathlib
import re
import sys

ALLOWED = {
    "base": {"base"},
    "query": {"base", "query"},
    "aws": {"base", "aws"},
    "policy": {"base", "policy"},
    "optscale": {"base", "optscale"},
    "account": {"base", "query", "aws", "account"},
    "rule": {"base", "query", "account", "rule"},
    "checks": {"base", "query", "policy", "optscale", "account", "rule", "checks"},
    "reports": {"base", "reports"},
    "cli": {"base", "query", "aws", "policy", "optscale", "account", "rule", "checks", "reports", "cli"},
}
ALSO = {"reports": {"rule/results.h"}}
INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"', re.MULTILINE)


def main():
    files = [path for folder in ("engine", "checks", "reports", "cli") for path in sorted(pathlib.Path(folder).rglob("*.[ch]"))]
    assert files, "no sources: run from the repository's root"
    wrong = []
    for path in files:
        layer = path.parent.name
        for name in INCLUDE.findall(path.read_text(encoding="utf-8")):
            if "/" not in name:
                if name.endswith((".def", ".inc")) and (path.parent / name).exists():
                    continue
                wrong.append(f'{path}: "{name}": name our headers by their full path')
            elif name.split("/")[0] not in ALLOWED[layer] and name not in ALSO.get(layer, ()):
                wrong.append(f'{path}: "{name}": {layer} may not include that layer')
    print(*wrong, f"{len(files)} files, {len(wrong)} wrong includes", sep="\n")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
