#!/usr/bin/env python3
"""Compares what the profiles of targets/ foretell with what the programs do, over the uploads of ../shared/targets.

    bash tests/assurance/targets/setup.sh         # once: the programs and the uploads, under TARGETS_DIR (default /tmp/targets)
    cargo build -p certgate-cli
    python3 tests/assurance/targets/profiles.py            # against the recorded answers of ../shared/targets/matrix.tsv
    python3 tests/assurance/targets/profiles.py --ask      # asks the programs about a sample, and prints their versions
    python3 tests/assurance/targets/profiles.py --ask --all    # asks about all uploads
    python3 tests/assurance/targets/profiles.py --convert      # what `certgate convert` writes of accepted uploads is loaded by each program

A cell is one upload and one program. The program loads it, or refuses; the profile must say the same (`loads` and `warns` both mean that it
loads). Where the program loads it and columns say how handshakes end, with it and with clients that verify, the profile must say `warns` where one
of them fails, and must not say that clients refuse where none does. What differs fails, unless exceptions.toml lists it with a reason; the exceptions may be 2 % of the cells at most, and one without need fails too.
Exit status: 0 as foretold, 1 not, 0 with a printed line where ../shared or TARGETS_DIR is absent.
"""
import argparse, json, os, pathlib, re, subprocess, sys, tomllib

from uploads import AT, CERTGATE, HERE, SHARED, TARGETS, all_uploads, are_here, describe, lend_programs, recorded

# A target, the column that says whether it loads, and those that say how handshakes end.
COLUMNS = {
    "nginx": ("nginx", []), "haproxy": ("haproxy", []), "haproxy-split": ("haproxy-split", []), "lighttpd": ("lighttpd", []),
    "caddy": ("caddy", []), "stunnel": ("stunnel", []), "apache": ("apache", []), "openssl": ("s_server", []), "envoy": ("envoy", []),
    "python": ("python", ["python-handshake12", "python-handshake13", "python-client"]),
    "rustls": ("rustls-awslc", ["rustls-awslc-handshake"]), "rustls-ring": ("rustls-ring", ["rustls-ring-handshake"]),
    "go": ("go", ["go-handshake", "go-client"]), "node": ("node", []), "java": ("java", ["java-handshake"]),
}
# The columns of clients that verify the chain and ask for www.example.com. Whatever loads the upload, they are among its clients.
CLIENTS = ["python-client", "go-client"]
# Rules that say what cannot be said: where they hold, a handshake may end either way.
UNSURE = {"key-not-evaluated", "key-contradicts"}
# How run.py of ../shared/targets calls what fills a column.
ASKED = {"rustls-ring": "rustls", "rustls-awslc": "rustls"}
# Of each group of uploads every so-many-th is in the sample.
EVERY = 9
MOST = 0.02


def foretold(names):
    """What certgate says of each upload: {name: (accepted, host served, {target: entry})}."""
    said = {}
    arguments = [word for path in os.environ.get("PROFILES", "").split() for word in ("--target", path)] or ["--target", "all"]
    for name in names:
        folder = TARGETS / "inputs" / name
        done = subprocess.run([CERTGATE, "check", "--name", "web_test", "--cert", f"{folder}/cert", "--key", f"{folder}/key", "--at", AT,
                               "--host", "www.example.com", *arguments, "--format", "json"], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
        if done.returncode not in (0, 1):
            sys.exit(f"certgate on {folder}: {done.stderr}")
        report = json.loads(done.stdout)
        served = not any(finding["code"] == "cert-host-not-served" for finding in report["findings"])
        said[name] = (report["accepted"], served, report["targets"])
    return said


def ask(names, targets):
    """Runs the programs, and prints the version of each."""
    columns = sorted({ASKED.get(COLUMNS[target][0], COLUMNS[target][0]) for target in targets})
    (TARGETS / "results.tsv").unlink(missing_ok=True)
    versions()
    subprocess.run([str(TARGETS / "v/bin/python"), str(SHARED / "run.py"), *columns, "--", *names], check=True, env={**os.environ, "TARGETS_DIR": str(TARGETS), "CERTGATE": CERTGATE})
    cells = {name: {} for name in names}
    for line in (TARGETS / "results.tsv").read_text().splitlines():
        name, column, cell = line.split("\t")[:3]
        cells.setdefault(name, {})[column] = cell
    return cells


def versions():
    root, own = TARGETS / "root", TARGETS / "v/bin"
    library = {**os.environ, "LD_LIBRARY_PATH": str(root / "usr/lib/x86_64-linux-gnu")}
    for command in ([root / "usr/sbin/nginx", "-v"], [root / "usr/sbin/haproxy", "-v"], [root / "usr/sbin/apache2", "-v"], [root / "usr/sbin/lighttpd", "-v"],
                    [root / "usr/bin/caddy", "version"], [root / "usr/bin/stunnel4", "-version"], [own / "envoy", "--version"], [own / "go", "version"],
                    ["openssl", "version"], [own / "python", "--version"], ["node", "--version"], ["java", "-version"]):
        try:
            done = subprocess.run([str(word) for word in command], env=library, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", timeout=30)
            lines = [line for line in done.stdout.splitlines() if re.search(r"\d", line)]
            print(f"version of {pathlib.Path(command[0]).name}: {lines[0].strip() if lines else 'not said'}")
        except OSError:
            print(f"skipped: {pathlib.Path(command[0]).name} is not here")
    lock = TARGETS / "rustls/Cargo.lock"
    if lock.is_file():
        found = re.search(r'name = "rustls"\nversion = "([^"]+)"', lock.read_text())
        print(f"version of rustls: {found.group(1) if found else 'not said'}")


def differences(names, cells, said, targets):
    """{(kind, target, name): sentence}, and how many cells were compared, by kind."""
    wrong, counts = {}, {"load": 0, "handshake": 0}
    for name in names:
        _, served, reports = said[name]
        for target in targets:
            column, handshakes = COLUMNS[target]
            cell = cells[name].get(column)
            if not cell or target not in reports:
                continue
            counts["load"] += 1
            report = reports[target]
            rules = " ".join(finding["rule"] for finding in report["findings"])
            if (cell == "ok") != (report["verdict"] != "refuses"):
                wrong["load", target, name] = f"{target} {'loads' if cell == 'ok' else 'refuses'} {name}; foretold: {report['verdict']} {rules}"
                continue
            # A client that asks for www.example.com refuses a certificate without that name; the upload is not at fault.
            shakes = [one for one in sorted({*handshakes, *CLIENTS}) if cells[name].get(one) and (served or one not in CLIENTS)]
            if cell != "ok" or not shakes or not handshakes:
                continue
            counts["handshake"] += 1
            failed = [one for one in shakes if cells[name][one] != "ok"]
            alarms = [finding["rule"] for finding in report["findings"] if finding["rule"] not in UNSURE]
            if failed and report["verdict"] == "loads" or alarms and not failed and not (set(CLIENTS) - set(shakes)):
                wrong["handshake", target, name] = f"handshakes of {name}, loaded by {target}, fail in: {' '.join(failed) or 'none'}; foretold: {report['verdict']} {rules}"
    return wrong, counts


def public(pem):
    """The public key of a private key, by OpenSSL."""
    return subprocess.run(["openssl", "pkey", "-pubout", "-ec_conv_form", "uncompressed"], input=pem, capture_output=True).stdout


def certificates(text):
    return re.findall(rb"-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----", text)


def conversions(names, said, targets, expected):
    """Writes each accepted upload for each target, and loads it there; sentences about what fails."""
    names = [name for name in names if said[name][0]]
    wrong, loaded, refusals = [], 0, 0
    versions()
    for target in targets:
        out = TARGETS / "converted" / target
        subprocess.run(["rm", "-rf", str(out)], check=True)
        lend_programs(out)
        refused = set()
        for name in names:
            given, folder = TARGETS / "inputs" / name, out / "inputs" / name
            folder.mkdir()
            one = target == "haproxy"
            paths = [f"{given}/cert", f"{given}/key"]
            done = subprocess.run([CERTGATE, "convert", *dict.fromkeys(paths), "--target", target, "--at", AT, "-o", str(folder / "cert" if one else folder)],
                                  stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
            if done.returncode == 2:
                wrong.append(f"{name} is not converted for {target}: {done.stderr.strip()}")
                continue
            if not one:
                (folder / "chain.pem").rename(folder / "cert")
                key = folder / "chain.pem.key"
                (key if key.exists() else folder / "key.pem").rename(folder / "key")
            elif not (folder / "key").exists():
                (folder / "key").write_bytes((folder / "cert").read_bytes())
            if f"{target}: refuses" in done.stderr:
                refused.add(name)
            before, after = (given / "key").read_bytes(), (folder / "key").read_bytes()
            if b"-----BEGIN" in before and public(before) and public(before) != public(after):
                wrong.append(f"{name} for {target}: another key")
            leaf = [re.sub(rb"\s", b"", one) for one in certificates((given / "cert").read_bytes())[:1]]
            if leaf and [re.sub(rb"\s", b"", one) for one in certificates((folder / "cert").read_bytes())[:1]] != leaf:
                wrong.append(f"{name} for {target}: another first certificate")
        describe(out, names)
        column = COLUMNS[target][0]
        subprocess.run([str(TARGETS / "v/bin/python"), str(SHARED / "run.py"), ASKED.get(column, column)], check=True, stdout=subprocess.DEVNULL,
                       env={**os.environ, "TARGETS_DIR": str(out), "CERTGATE": CERTGATE})
        for line in (out / "results.tsv").read_text().splitlines():
            name, said_by, cell, reason = (line.split("\t") + [""])[:4]
            if said_by != column or name not in names:
                continue
            loaded += cell == "ok"
            refusals += cell != "ok"
            if (cell == "ok") == (name in refused) and ("load", target, name) not in expected:
                wrong.append(f"{target} {'loads' if cell == 'ok' else 'refuses'} what was converted of {name}, foretold otherwise: {reason[:160]}")
    print(f"convert: {len(names)} accepted uploads for {len(targets)} targets: {loaded} loads, {refusals} refusals")
    return wrong


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--ask", action="store_true", help="ask the programs instead of reading their recorded answers")
    arguments.add_argument("--convert", action="store_true", help="load what convert writes of accepted uploads")
    arguments.add_argument("--all", action="store_true", help="with --ask and --convert: all uploads, not a sample")
    arguments.add_argument("--targets", default=",".join(COLUMNS), help="these targets only")
    given = arguments.parse_args()
    if not are_here():
        return 0
    rows = recorded()
    names = all_uploads()
    names = [name for name in names if name in rows]
    if (given.ask or given.convert) and not given.all:
        names = names[::EVERY]
    targets = given.targets.split(",")
    said = foretold(names)
    lists = tomllib.loads((HERE / "exceptions.toml").read_text()) if (HERE / "exceptions.toml").is_file() else {}
    expected = {(kind, target, name) for kind in ("load", "handshake") for entry in lists.get(kind, []) for target in entry["targets"] for name in entry["uploads"]}
    if given.convert:
        wrong = conversions(names, said, targets, expected)
        for sentence in wrong:
            print(f"WRONG {sentence}")
        print(f"{len(wrong)} not as foretold")
        return 1 if wrong else 0
    cells = ask(names, targets) if given.ask else rows
    wrong, counts = differences(names, cells, said, targets)
    if given.ask:
        expected |= {("load", target, name) for entry in lists.get("asked", []) for target in entry["targets"] for name in entry["uploads"]}
    for kind in ("load", "handshake"):
        if any(not entry["reason"].strip() for entry in lists.get(kind, []) + lists.get("asked", [])):
            sys.exit("exceptions.toml: a reason is empty")
        excused = sum(1 for key in wrong if key[0] == kind and key in expected)
        print(f"{kind}: {counts[kind]} cells, {excused} listed exceptions")
        if not given.ask and excused > MOST * counts[kind]:
            wrong[kind, "", ""] = f"{excused} exceptions of {counts[kind]} cells of {kind} are more than {MOST:.0%}"
    bad = [sentence for key, sentence in sorted(wrong.items()) if key not in expected]
    needless = [key for key in sorted(expected) if key not in wrong and key[1] in targets and key[2] in names]
    if not given.ask:
        bad += [f"listed as an exception, but as foretold: {' '.join(key)}" for key in needless]
    for sentence in bad:
        print(f"WRONG {sentence}")
    print(f"{len(bad)} not as foretold")
    return 1 if bad else 0


sys.exit(main())
