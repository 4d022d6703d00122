"""The most memory that `selon verify` and `selon add` hold on each file of a folder.

Usage: memory.py SELON FOLDER [MEGABYTES]

Prints a table: file, bytes, and for each command its exit status, its largest resident set in
megabytes and its seconds. Each `add` begins with a new archive. The exit status is 1 where a command
held MEGABYTES (256) or more, was ended by a signal or took more than a minute.
"""

import os
import pathlib
import subprocess
import sys
import tempfile
import time


def run(command, environment):
    """Exit status, megabytes, seconds."""
    begun = time.monotonic()
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode, usage.ru_maxrss * 1024 / 1e6, time.monotonic() - begun


def main():
    selon, folder = os.path.abspath(sys.argv[1]), pathlib.Path(sys.argv[2])
    most = float(sys.argv[3]) if len(sys.argv) > 3 else 256.0
    failed = False
    print("| file | bytes | verify: exit | MB | s | add: exit | MB | s |")
    print("|---|--:|--:|--:|--:|--:|--:|--:|")
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        with tempfile.TemporaryDirectory() as place:
            environment = {**os.environ, "SELON_ARCHIVE": f"{place}/archive", "SELON_KEYS": f"{place}/keys"}
            cells = []
            for command in (["verify", str(path)], ["add", str(path)]):
                code, megabytes, seconds = run([selon, *command], environment)
                failed |= megabytes >= most or code < 0 or seconds > 60
                cells.append(f"{code} | {megabytes:.0f} | {seconds:.1f}")
        print(f"| {path.relative_to(folder)} | {path.stat().st_size} | {' | '.join(cells)} |", flush=True)
    sys.exit(failed)


if __name__ == "__main__":
    main()
