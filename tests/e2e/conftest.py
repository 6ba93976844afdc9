"""Which part of many alike instances runs: EXPORTCHECK_SHARE=4 takes every fourth.

scripts/test sets it for the sanitized build where the release build runs them all: a sanitizer finds nothing in the
hundredth run of the program that the first twenty-five did not show, and each such run costs a tenth of a second there.
"""

import os

SHARE = int(os.environ.get("EXPORTCHECK_SHARE", "1"))


def share(instances):
    """The part of a list that this run takes: never none."""
    return list(instances)[::SHARE]


def pytest_collection_modifyitems(config, items):
    """Of each test function's parameters, every SHARE-th."""
    seen = {}
    kept = []
    for item in items:
        key = (item.fspath, getattr(item, "originalname", item.name))
        seen[key] = seen.get(key, -1) + 1
        if seen[key] % SHARE == 0:
            kept.append(item)
    dropped = [item for item in items if item not in set(kept)]
    if dropped:
        config.hook.pytest_deselected(items=dropped)
    items[:] = kept
