#!/usr/bin/env python3
"""Compares certgate with the programs that will load an upload, over the 336 uploads of ../shared/targets.

    bash tests/assurance/targets/setup.sh         # once: the programs, under TARGETS_DIR (default /tmp/targets)
    cargo build -p certgate-cli
    python3 tests/assurance/targets/run.py [--fresh] [--no-fix] [--only START] [--programs a,b]

(a) The verdicts. What certgate accepts, and nine or more of the programs that take its algorithm refuse, fails; so does what it rejects although all
    of them load it, unless expected.toml lists it with a reason. The programs' answers are the recorded ones of ../shared/targets/matrix.tsv;
    --fresh asks the programs again.
(b) The repairs. Each upload that is rejected or warned of, and that `certgate fix` makes acceptable, is written to TARGETS_DIR/fixed and loaded by
    every program that takes its algorithm. What is refused there fails, unless expected.toml lists it with a reason.

A DER file counts as the PEM made of it. Exit status: 0 as expected, 1 not, 0 with a printed line where ../shared or TARGETS_DIR is absent.
"""
import argparse, json, os, re, subprocess, sys, tomllib

from uploads import AT, CERTGATE, HERE, SHARED, TARGETS, all_uploads, are_here, describe, lend_programs, recorded

# A program, and its columns in matrix.tsv that say whether it loads.
PROGRAMS = {"nginx": ["nginx"], "haproxy": ["haproxy", "haproxy-split"], "lighttpd": ["lighttpd"], "caddy": ["caddy"], "stunnel": ["stunnel"],
            "apache": ["apache"], "s_server": ["s_server"], "envoy": ["envoy"], "python": ["python"], "rustls": ["rustls-ring", "rustls-awslc"],
            "go": ["go"], "node": ["node"], "java": ["java"]}
COLUMNS = [column for columns in PROGRAMS.values() for column in columns]
# The upload that shows whether a program takes an algorithm at all.
REFERENCE = {"RSA": "base-rsa", "RSA 8192": "kt-rsa8192", "P-256": "base-ec", "P-384": "kt-p384", "P-521": "kt-p521", "SM2": "kt-sm2"}
MANY = 9


def certgate(*arguments):
    return subprocess.run([CERTGATE, *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)


def check(folder):
    done = certgate("check", "--name", "web_test", "--cert", f"{folder}/cert", "--key", f"{folder}/key", "--at", AT, "--format", "json")
    if done.returncode not in (0, 1):
        sys.exit(f"certgate on {folder}: {done.stderr}")
    return json.loads(done.stdout)


def ask(folder, names, programs):
    """Runs the programs over TARGETS_DIR/inputs of `folder`; {input: {column: cell}}, and the reasons."""
    (folder / "results.tsv").unlink(missing_ok=True)
    asked = [column for program in programs for column in (["rustls"] if program == "rustls" else PROGRAMS[program])]
    subprocess.run([str(TARGETS / "v/bin/python"), str(SHARED / "run.py"), *asked], check=True, env={**os.environ, "TARGETS_DIR": str(folder), "CERTGATE": CERTGATE})
    cells, reasons = {name: {} for name in names}, {}
    for line in (folder / "results.tsv").read_text().splitlines():
        name, column, cell, reason = (line.split("\t") + ["", ""])[:4]
        if column in COLUMNS:
            cells[name][column] = cell
            reasons[name, column] = reason
    return cells, reasons


def loads(cells, program):
    """Whether a program loads, by all its columns; None where it was not asked."""
    said = [cells[column] for column in PROGRAMS[program] if cells.get(column)]
    return all(cell == "ok" for cell in said) if said else None


def takers(reference, algorithm, programs):
    """The programs that take an algorithm: the columns that load the plain upload with it."""
    row = reference[REFERENCE[algorithm]]
    return {column for program in programs for column in PROGRAMS[program] if row.get(column) == "ok"}


def algorithm_of(name, folder):
    """The algorithm of the first certificate, by OpenSSL; RSA, which most uploads have, where it reads none."""
    for form in ("PEM", "DER"):
        done = subprocess.run(["openssl", "x509", "-in", f"{folder}/cert", "-inform", form, "-noout", "-text"], capture_output=True, text=True, errors="replace")
        if done.returncode == 0:
            text = done.stdout
            if "rsaEncryption" in text.split("Subject Public Key Info")[1].split("\n")[1]:
                return "RSA 8192" if "(8192 bit)" in text else "RSA"
            curve = re.search(r"ASN1 OID: (\S+)", text)
            return {"prime256v1": "P-256", "secp384r1": "P-384", "secp521r1": "P-521", "SM2": "SM2"}.get(curve.group(1) if curve else "", "other")
    return "P-256" if re.search(r"-ec-|-sec1|sec1-|-ec$", name) else "RSA"


def programs_that_refuse(cells, columns):
    """Of the programs with one of these columns, those that refuse in one of them."""
    found = []
    for program, own in PROGRAMS.items():
        said = [cells.get(column) for column in own if column in columns]
        if any(cell and cell != "ok" for cell in said):
            found.append(program)
    return found


def verdicts(names, cells, expected, algorithms, reference, programs):
    wrong, seen = [], set()
    counts = {"accepted": 0, "rejected": 0}
    for name in names:
        report = check(TARGETS / "inputs" / name)
        counts["accepted" if report["accepted"] else "rejected"] += 1
        if algorithms[name] == "other":
            if report["accepted"]:
                wrong.append(f"{name}: accepted with an algorithm that the matrix has no plain upload of")
            continue
        row = cells["base-rsa" if name.startswith("kc-der-") else name]
        columns = takers(reference, algorithms[name], programs)
        refuse = programs_that_refuse(row, columns)
        codes = [f"{f['severity'][0].upper()}:{f['code']}" for f in report["findings"]]
        if report["accepted"] and len(refuse) >= MANY:
            wrong.append(f"{name}: accepted ({' '.join(codes)}), but {len(refuse)} programs refuse it: {' '.join(refuse)}")
        if not report["accepted"] and not refuse:
            seen.add(name)
            if name not in expected["stricter"]:
                wrong.append(f"{name}: rejected ({' '.join(codes)}), but all programs load it, and expected.toml gives no reason")
    print(f"(a) {len(names)} uploads: {counts['accepted']} accepted, {counts['rejected']} rejected; {len(seen)} rejected although all programs load them")
    for name in sorted(set(expected["stricter"]) & set(names) - seen):
        print(f"    listed as stricter, but not so: {name}")
    return wrong


def repaired(names):
    """Writes what `fix` makes of the uploads, as a folder for run.py of ../shared/targets; their names."""
    out = TARGETS / "fixed"
    lend_programs(out)
    done, left, bytes_only = [], [], []
    for name in names:
        folder = TARGETS / "inputs" / name
        report = check(folder)
        if not any(finding.get("fixable") for finding in report["findings"]):
            continue
        try:
            form = {"name": "web_test", "cert_content": (folder / "cert").read_bytes().decode(), "private_key": (folder / "key").read_bytes().decode()}
        except UnicodeDecodeError:
            bytes_only.append(name)
            continue
        (out / "form.json").write_text(json.dumps(form))
        fix = certgate("fix", str(out / "form.json"), "--at", AT)
        if fix.returncode != 0:
            left.append(name)
            continue
        form = json.loads(fix.stdout)
        target = out / "inputs" / name
        if target.is_symlink():
            target.unlink()
        target.mkdir(exist_ok=True)
        (target / "cert").write_text(form["cert_content"])
        (target / "key").write_text(form["private_key"])
        done.append(name)
    (out / "form.json").unlink(missing_ok=True)
    describe(out, done)
    print(f"(b) {len(done)} uploads are made acceptable by fix; {len(left)} keep an error: {' '.join(left)}; no text: {' '.join(bytes_only) or 'none'}")
    return out, done


def repairs(names, expected, reference, programs):
    out, done = repaired(names)
    cells, reasons = ask(out, done, programs)
    wrong, seen, loaded = [], set(), 0
    for name in done:
        # A repair can change what is read first; the algorithm is that of the repaired certificate.
        algorithm = algorithm_of(name, out / "inputs" / name)
        if algorithm == "other":
            wrong.append(f"{name}: fix made it acceptable with an algorithm that the matrix has no plain upload of")
            continue
        columns = takers(reference, algorithm, programs)
        asked = {column for column in columns if cells[name].get(column)}
        refuse = [column for column in COLUMNS if column in asked and cells[name][column] != "ok"]
        loaded += len(asked) - len(refuse)
        for column in refuse:
            seen.add((name, column))
            if column not in expected["fixed"].get(name, {"columns": []})["columns"]:
                wrong.append(f"{name}: {column} refuses what fix made: {reasons[name, column][:200]}")
    print(f"    {loaded} loads, {len(seen)} refusals")
    for name, entry in expected["fixed"].items():
        for column in entry["columns"]:
            if name in done and cells[name].get(column) and (name, column) not in seen:
                print(f"    listed as refused after fix, but loaded: {name} {column}")
    return wrong


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--fresh", action="store_true", help="ask the programs about the uploads again")
    arguments.add_argument("--no-fix", action="store_true", help="the verdicts alone")
    arguments.add_argument("--only", default="", help="uploads whose name starts so")
    arguments.add_argument("--programs", default=",".join(PROGRAMS))
    given = arguments.parse_args()
    if not are_here():
        return 0
    programs = given.programs.split(",")
    missing = [program for program in programs if program == "rustls" and not (TARGETS / "rustls/target/release/rl").exists()]
    for program in missing:
        print(f"skipped: {program} is not in {TARGETS}")
    programs = [program for program in programs if program not in missing]
    lists = {"stricter": [], "fixed": [], **tomllib.loads((HERE / "expected.toml").read_text())}
    expected = {"stricter": {name: entry["reason"] for entry in lists["stricter"] for name in entry["uploads"]},
                "fixed": {name: entry for entry in lists["fixed"] for name in entry["uploads"]}}
    for kind in lists.values():
        if any(not entry["reason"].strip() for entry in kind):
            sys.exit("expected.toml: a reason is empty")
    names = all_uploads()
    reference = {name: {column: row[column] for column in COLUMNS} for name, row in recorded().items()}
    cells = ask(TARGETS, names, programs)[0] if given.fresh else reference
    names = [name for name in names if name.startswith(given.only)]
    algorithms = {name: algorithm_of(name, TARGETS / "inputs" / name) for name in names}
    wrong = verdicts(names, cells, expected, algorithms, cells if given.fresh else reference, programs if given.fresh else list(PROGRAMS))
    if not given.no_fix:
        wrong += repairs(names, expected, reference, programs)
    for line in wrong:
        print(f"WRONG {line}")
    print(f"{len(wrong)} not as expected")
    return 1 if wrong else 0


sys.exit(main())
