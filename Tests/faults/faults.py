"""Shared by the fault tests: a sample store, runs of the tools, checks of what they leave.

The tools come from IMG_BIN (default .build/debug). Each test is a program that prints TAP. SCALE (1) multiplies the
number of tries; below 1, a random part of the cases runs.
"""

import atexit
import base64
import hashlib
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
BUILT = os.environ.get("IMG_BIN") or os.path.join(HERE, "../../.build/debug")
PLACE = os.environ.get("TMPDIR") or "/var/tmp"
SCALE = float(os.environ.get("SCALE") or 1)
SEED = int(os.environ.get("SEED") or time.time())
FORMATS = ["docker-archive", "oci-archive", "oci-dir", "docker-dir"]
IMAGE = "localhost/sample:1.0"
TIMEOUT = 60

random.seed(SEED)

# Copies of the tools, so that a concurrent build does not replace them.
BIN = tempfile.mkdtemp(prefix="img-tools.", dir=PLACE)
atexit.register(shutil.rmtree, BIN, ignore_errors=True)
for tool in ["img-manifest", "img-resolve", "img-save", "img-tar", "make-sample-store"]:
    shutil.copy(f"{BUILT}/{tool}", BIN)


def scaled(number):
    """The number of cases, from the default number and SCALE."""
    return max(1, round(number * SCALE))


def drawn(cases):
    """The cases, or a random part by SCALE; the last one is always included."""
    cases = list(cases)
    return cases if SCALE >= 1 else random.sample(cases[:-1], scaled(len(cases)) - 1) + cases[-1:]


class Report:
    """Counts and prints test cases."""

    def __init__(self):
        self.number = 0
        self.failed = 0
        print(f"# seed {SEED}", flush=True)

    def case(self, name, problems, figures=""):
        """Reports a case, which failed if there are problems; prints the first few of them."""
        self.number += 1
        self.failed += bool(problems)
        print(f"{'not ok' if problems else 'ok'} {self.number} {name}{': ' if figures else ''}{figures}")
        for problem in problems[:10]:
            print("#", problem.replace("\n", "\n# "))
        sys.stdout.flush()

    def skip(self, name, why):
        self.number += 1
        print(f"ok {self.number} {name} # skip {why}", flush=True)

    def end(self):
        print(f"1..{self.number}")
        sys.exit(self.failed > 0)


def environment(**more):
    """An environment without the user's configuration."""
    result = {k: v for k, v in os.environ.items() if not k.startswith(("XDG_", "STORAGE_", "CONTAINERS_"))}
    result.pop("SOURCE_DATE_EPOCH", None)
    return {**result, "LC_ALL": "C.UTF-8", "SWIFT_BACKTRACE": "enable=no", **more}


def make_store(folder):
    subprocess.run([f"{BIN}/make-sample-store", folder], check=True, stdout=subprocess.DEVNULL)
    return folder


def empty_layout(folder):
    """An OCI layout without an image."""
    os.makedirs(f"{folder}/blobs/sha256")
    with open(f"{folder}/index.json", "w") as file:
        file.write('{"schemaVersion":2,"manifests":[]}')
    with open(f"{folder}/oci-layout", "w") as file:
        file.write('{"imageLayoutVersion": "1.0.0"}')


def embedded(media_type, document):
    data = json.dumps(document).encode()
    return {
        "mediaType": media_type, "digest": "sha256:" + hashlib.sha256(data).hexdigest(), "size": len(data),
        "data": base64.b64encode(data).decode()}


def record(base, number):
    """The record of an image with a config, a manifest and a name of its own, and the layers of the sample."""
    result = json.loads(base)
    config = json.loads(base64.b64decode(result["config"]["data"]))
    config["author"] = str(number)
    result["config"] = embedded(result["config"]["mediaType"], config)
    manifest = json.loads(base64.b64decode(result["manifest"]["data"]))
    manifest["config"].update({key: result["config"][key] for key in ("digest", "size")})
    result["manifest"] = embedded(result["manifest"]["mediaType"], manifest)
    result["tags"] = [f"localhost/image:{number}"]
    return json.dumps(result).encode()


def sample_record(store):
    """The record of the sample image with a manifest of OCI."""
    return subprocess.run(
        f"'{BIN}/img-resolve' --root '{store}' sample | '{BIN}/img-manifest' --to oci", shell=True,
        check=True, stdout=subprocess.PIPE, env=environment()).stdout


def save_command(store, format, target, *more):
    return [f"{BIN}/img-save", "--root", store, "--format", format, "-o", target, *more, IMAGE]


def run(command, **options):
    """Runs a command to its end; a hang becomes the status `hang`."""
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            timeout=TIMEOUT, env=environment(), **options)
    except subprocess.TimeoutExpired:
        return "hang", ""
    return done.returncode, done.stderr.decode(errors="replace")


def fingerprint(path):
    """The names and contents at a path; None if it does not exist."""
    if not os.path.lexists(path):
        return None
    if os.path.islink(path):
        return "-> " + os.readlink(path)
    if not os.path.isdir(path):
        with open(path, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    return {name: fingerprint(os.path.join(path, name)) for name in sorted(os.listdir(path))}


def size(path):
    if os.path.isdir(path):
        return sum(size(os.path.join(path, name)) for name in os.listdir(path))
    return os.path.getsize(path)


def remove(path):
    if os.path.isdir(path) and not os.path.islink(path):
        shutil.rmtree(path)
    elif os.path.lexists(path):
        os.unlink(path)


# What messages name besides the target: the store, the configuration, and what the process itself needs.
PARTS = ("/store/", "/containers/storage", "confinement: /", "/proc/self/cmdline: ")


def judge(status, message, folder, before, wanted, statuses=(74,)):
    """The problem after a save into `folder`/target, or None.

    `before` and `wanted` are the fingerprints of the folder before the save and after a successful one.
    """
    after = fingerprint(folder)
    if status == 0:
        return None if after == wanted else f"status 0, but there is {names(after)}"
    if status not in statuses:
        return f"status {status}: {message}"
    if after != before:
        return f"status {status}, left {names(after)}"
    named = any(part in message for part in (folder, *PARTS))
    if message.count("\n") != 1 or not message.startswith("img-save: ") or not named:
        return f"status {status}, message {message!r}"
    return None


def names(tree):
    return sorted(tree) if isinstance(tree, dict) else tree


class Sample:
    """A sample store and the expected output in each format."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="img-faults.", dir=PLACE)
        self.store = make_store(f"{self.folder}/store")
        self.wanted, self.size, self.time = {}, {}, {}
        for format in FORMATS:
            place = f"{self.folder}/good-{format}"
            os.mkdir(place)
            start = time.monotonic()
            status, message = run(save_command(self.store, format, f"{place}/target"))
            self.time[format] = time.monotonic() - start
            if status != 0:
                sys.exit(f"{format}: {status} {message}")
            self.wanted[format] = fingerprint(place)
            self.size[format] = size(f"{place}/target")

    def close(self):
        shutil.rmtree(self.folder, ignore_errors=True)
