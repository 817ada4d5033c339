"""Examines the HTTP API of a portal that is up: what it says about itself, and whether what it answers is like that.

    .venv/bin/python run.py TOLD.json

TOLD.json is what the story left (`tests/src/story.rs`), with the ids for parameters of paths under `paths`. A linter reads the
description; every operation is asked for what the story left, and must answer as it is described; then a tester makes up what is
asked, by the description and against it. Exit code 0 when nothing was found.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from pathlib import Path

import jsonschema_rs

HERE = Path(__file__).resolve().parent
LINTER = HERE / "../browser/node_modules/@redocly/cli/bin/cli.js"
NODE = HERE / "../../.tools/node/bin/node"

# What is made up is the same in every run.
SEED = 1
# So many cases of each operation beside those at every limit.
EXAMPLES_MAX = 20
# Python 3.11 loses count where two threads read Python at once, as the tester does.
WORKERS = 1

# What ends only when the follower does is followed elsewhere.
FOLLOWED = "/events"


def main() -> int:
    told = json.loads(Path(sys.argv[1]).read_text())
    base = f"{told['portal']}/api/v1"
    described = json.loads(asked(f"{base}/openapi.json")[2])
    with tempfile.TemporaryDirectory() as directory:
        file = Path(directory) / "openapi.json"
        file.write_text(json.dumps(described, indent=1))
        found = lint(file) + known(base, described, told) + made_up(base, file, told, Path(directory))
    for line in found:
        print(f"api: {line}")
    return 1 if found else 0


def asked(url: str) -> tuple[int, str, bytes]:
    try:
        with urllib.request.urlopen(url, timeout=60) as answer:
            return answer.status, answer.headers.get_content_type(), answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers.get_content_type(), error.read()


def lint(file: Path) -> list[str]:
    node = str(NODE) if NODE.exists() else shutil.which("node")
    if node is None or not LINTER.exists():
        print("SKIPPED, the description was not linted: tests/browser/install brings the linter", file=sys.stderr)
        return []
    # It would ask whether there is a newer one, and tell that it ran.
    quiet = {"REDOCLY_SUPPRESS_UPDATE_NOTICE": "true", "REDOCLY_TELEMETRY": "off"}
    command = [node, str(LINTER), "lint", str(file), "--config", str(HERE / "redocly.yaml"), "--format", "stylish"]
    said = subprocess.run(command, env=os.environ | quiet, capture_output=True, text=True)
    print(f"api: the linter ended with {said.returncode}")
    return [] if said.returncode == 0 else [said.stdout + said.stderr]


def known(base: str, described: dict, told: dict) -> list[str]:
    """Asks every operation that only asks for what the story left; what is answered must be as it is described."""
    found, count = [], 0
    for path, item in described["paths"].items():
        if "get" not in item or path.endswith(FOLLOWED):
            continue
        for url in filled(base, path, told):
            status, kind, body = asked(url)
            content = item["get"]["responses"].get(str(status), {}).get("content", {}).get(kind)
            if content is None:
                found.append(f"{url} answers {status} with {kind}, which is not described")
                continue
            count += 1
            if kind.endswith("json"):
                schema = content["schema"] | {"components": described["components"]}
                validator = jsonschema_rs.Draft202012Validator(schema)
                found += [f"{url}: {error}" for error in validator.iter_errors(json.loads(body))]
    print(f"api: {count} answers are as they are described")
    return found


def filled(base: str, path: str, told: dict) -> list[str]:
    values = told["paths"]
    organizations = list(values["org"].values())
    query = {
        "/compare": f"?a={organizations[0]}&b={organizations[1]}",
        "/search": f"?q={told['numbers'][0]}",
    }
    for name in ("index", "key", "statement", "digest", "number"):
        path = path.replace(f"{{{name}}}", str(told[name]))
    for name, ids in values.items():
        if f"{{{name}}}" in path:
            return [f"{base}{path.replace(f'{{{name}}}', one)}" for one in ids.values()]
    return [f"{base}{path}{query.get(path, '')}"]


def made_up(base: str, file: Path, told: dict, directory: Path) -> list[str]:
    config = directory / "schemathesis.toml"
    config.write_text(configured(told))
    command = [
        str(Path(sys.executable).parent / "schemathesis"),
        f"--config-file={config}",
        "run",
        str(file),
        f"--url={base}",
        "--checks=all",
        f"--exclude-path-regex={FOLLOWED}$",
        f"--seed={SEED}",
        f"--max-examples={EXAMPLES_MAX}",
        f"--workers={WORKERS}",
        "--phases=examples,coverage,fuzzing",
        "--continue-on-failure",
        "--no-color",
    ]
    hooks = {"SCHEMATHESIS_HOOKS": "hooks", "PYTHONPATH": str(HERE)}
    said = subprocess.run(command, env=os.environ | hooks, capture_output=True, text=True, cwd=directory)
    print(said.stdout[said.stdout.find("=== SUMMARY ===") :])
    return [] if said.returncode == 0 else [said.stdout + said.stderr]


def configured(told: dict) -> str:
    """Most of what is asked is about what there is."""
    # In seconds: an answer may take as long on a machine that does ten other things.
    lines = ["request-timeout = 60"]
    values = {name: list(ids.values()) for name, ids in told["paths"].items()}
    values |= {"index": [0, told["index"]], "key": [told["key"]]}
    for name, ids in values.items():
        lines += [f"[dictionaries.{name}]", f"values = {json.dumps(ids)}"]
    lines.append("[parameters]")
    lines += [f'"query.{side}" = {{ dictionary = "org", probability = 0.8 }}' for side in ("a", "b")]
    lines += [f'"path.{name}" = {{ dictionary = "{name}", probability = 0.8 }}' for name in values]
    # A text that has the form of an id can name nothing, and one that has the form of a day can be none.
    lines += [
        "[checks]",
        'positive_data_acceptance.expected-statuses = ["2xx", 400, 404, 413, 422]',
        "negative_data_rejection.expected-statuses = [400, 404, 405, 413, 414, 415, 422]",
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
