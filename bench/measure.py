"""Shared by the benchmarks: time a command, take turns, print a table."""

import filecmp
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.realpath(__file__))
PEERS = os.path.join(HERE, "..", "Tests", "peers")


class Failed(Exception):
    """A command did not exit with 0; the text is its last message."""


def run(command):
    """Runs a command with stdout on /dev/null: wall, CPU, peak memory, bytes written."""
    with tempfile.TemporaryFile() as errors:
        actions = [
            (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
            (os.POSIX_SPAWN_DUP2, errors.fileno(), 2),
        ]
        start = time.perf_counter()
        pid = os.posix_spawnp(command[0], command, os.environ, file_actions=actions)
        _, status, usage = os.wait4(pid, 0)
        wall = time.perf_counter() - start
        if status != 0:
            errors.seek(0)
            lines = errors.read().decode(errors="replace").strip().splitlines()
            code = os.waitstatus_to_exitcode(status)
            raise Failed("%s: %s" % (code, lines[-1] if lines else "no message"))
    return {
        "wall": wall,
        "cpu": usage.ru_utime + usage.ru_stime,
        "rss": usage.ru_maxrss * 1024,
        "written": usage.ru_oublock * 512,
    }


def peak_memory(command, fallback):
    """Peak memory by time(1), which is small.

    The kernel counts the memory of the process that starts a program as the
    program's own, so that wait4 in this interpreter sees nothing below its size.
    """
    if not shutil.which("time"):
        return fallback
    with tempfile.NamedTemporaryFile() as report:
        run(["time", "-f", "%M", "-o", report.name, *command])
        return int(report.read()) * 1024


def podman_on(store):
    """The command of podman on a store of make-images.

    Removes what another version of podman may have noted there: its database and its network program, which this
    version may lack. The images stay.
    """
    root = store + "/root"
    for name in ("libpod", "defaultNetworkBackend", "db.sql", "db.sql-shm", "db.sql-wal"):
        remove(os.path.join(root, name))
    return ["podman", "--root", root, "--runroot", store + "/run", "--storage-driver", "overlay"]


def remove(path):
    if os.path.isdir(path):
        shutil.rmtree(path)
    elif os.path.lexists(path):
        os.unlink(path)


def size(path):
    if not os.path.isdir(path):
        return os.path.getsize(path)
    return sum(
        os.path.getsize(os.path.join(folder, name))
        for folder, _, names in os.walk(path)
        for name in names
    )


def same(a, b):
    """Equal bytes for files, else equal content (gzip bytes are free)."""
    if os.path.isfile(a) and os.path.isfile(b) and filecmp.cmp(a, b, shallow=False):
        return "bytes"
    command = [os.path.join(PEERS, "lib", "same-content"), a, b]
    done = subprocess.run(command, capture_output=True, check=False)
    return "content" if done.returncode == 0 else "no"


def drop_caches():
    """Empties the page cache; what is to be written is on disk already."""
    with open("/proc/sys/vm/drop_caches", "w", encoding="ascii") as file:
        file.write("3")


def measure(commands, runs, outputs, before=lambda: None):
    """Runs the commands in turn, `before` each; commands and outputs are keyed by tool."""
    results = {tool: {"runs": []} for tool in commands}

    def clear(tool):
        if tool in outputs:
            remove(outputs[tool])

    for tool, command in list(commands.items()):
        try:
            clear(tool)
            first = run(command)
            clear(tool)
            results[tool]["rss"] = peak_memory(command, first["rss"])
            if tool in outputs:
                results[tool]["output"] = size(outputs[tool])
        except (Failed, OSError) as error:
            results[tool]["error"] = str(error)
            del commands[tool]
    if {"podman", "img-save"} <= commands.keys() and outputs:
        results["img-save"]["same"] = same(outputs["podman"], outputs["img-save"])
    tools = list(commands)
    for number in range(runs if tools else 0):
        turn = number % len(tools)
        for tool in tools[turn:] + tools[:turn]:
            clear(tool)
            if outputs:
                os.sync()
            before()
            try:
                results[tool]["runs"].append(run(commands[tool]))
            except Failed as error:
                results[tool]["error"] = str(error)
    for tool, result in results.items():
        clear(tool)
        if len(result["runs"]) == runs and "error" not in result:
            for key in ("wall", "cpu", "written"):
                result[key] = statistics.median(each[key] for each in result["runs"])
    return results


def ratio(results, ours, peer, key):
    mine, theirs = (results.get(tool, {}) for tool in (ours, peer))
    if key not in mine or key not in theirs:
        return None
    if key == "rss":
        return mine[key] / theirs[key]
    pairs = zip(mine["runs"], theirs["runs"])
    return statistics.median(a[key] / b[key] if b[key] else 1.0 for a, b in pairs)


def spread(results, ours, peer):
    """The quartiles of the ratios of wall time of single pairs."""
    pairs = zip(results[ours]["runs"], results[peer]["runs"])
    ratios = sorted(a["wall"] / b["wall"] for a, b in pairs)
    return statistics.quantiles(ratios, n=4)[::2] if len(ratios) > 1 else ratios * 2


def show(case, results, ours):
    def number(value, scale, digits):
        if value is None:
            return "-"
        # Times below a tenth of a second need more digits to say anything.
        return "%.*f" % (digits + (digits == 3 and value < 0.1 * scale), value / scale)

    print("\n%s" % case)
    heads = ("wall", "CPU", "RSS", "output", "written")
    print("  %-38s" % "" + "".join("%9s" % head for head in heads))
    columns = (("wall", 1, 3), ("cpu", 1, 3), ("rss", 1 << 20, 1), ("output", 1e6, 1),
               ("written", 1e6, 1))
    for tool, result in results.items():
        print("  %-38s" % tool + "".join(
            "%9s" % number(result.get(key), scale, digits) for key, scale, digits in columns
        ) + ("   failed, %s" % result["error"] if "error" in result else ""))
    ratios = {}
    for peer in results if ours else ():
        if peer == ours:
            continue
        ratios[peer] = {key: ratio(results, ours, peer, key) for key in ("wall", "cpu", "rss")}
        if ratios[peer]["wall"]:
            ratios[peer]["spread"] = spread(results, ours, peer)
        print("  %-38s" % ("%s / %s" % (ours, peer)) + "".join(
            "%9s" % number(ratios[peer][key], 1, 3) for key in ("wall", "cpu", "rss"))
            + ("   wall %.3f to %.3f" % tuple(ratios[peer]["spread"]) if "spread" in ratios[peer] else ""))
    if "same" in results.get(ours, {}):
        print("  equal to podman's: %s" % results[ours]["same"])
    sys.stdout.flush()
    return ratios


def version(command):
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout.strip()


def cpu_model():
    try:
        with open("/proc/cpuinfo", encoding="ascii", errors="replace") as file:
            found = re.search(r"^model name\s*: (.*)$", file.read(), re.MULTILINE)
    except OSError:
        found = None
    return found.group(1) if found else platform.machine()
