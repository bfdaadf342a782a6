"""What run.py and profiles.py share: where the uploads and the programs are, and what the programs answered when they were recorded."""
import os, pathlib

HERE = pathlib.Path(__file__).resolve().parent
PROJECT = HERE.parents[2]
SHARED = PROJECT.parent / "shared/targets"
TARGETS = pathlib.Path(os.environ.get("TARGETS_DIR", "/tmp/targets"))
CERTGATE = os.environ.get("CERTGATE", str(PROJECT / "target/debug/certgate"))
# The certificates of the uploads hold from 2026-06-01 to 2027-06-01.
AT = "2026-07-01T00:00:00Z"


def recorded():
    """The recorded answers: {upload: {column: cell}}."""
    lines = (SHARED / "matrix.tsv").read_text().splitlines()
    head = lines[0].split("\t")
    return {row["input"]: row for row in (dict(zip(head, line.split("\t"))) for line in lines[1:])}


def all_uploads():
    """The uploads that were made, in their order."""
    return [line.split("\t")[0] for line in (TARGETS / "inputs.tsv").read_text().splitlines()]


def describe(folder, names):
    """Writes the list of the uploads of `folder` that run.py of ../shared/targets reads."""
    described = {line.split("\t")[0]: line for line in (TARGETS / "inputs.tsv").read_text().splitlines()}
    (folder / "inputs.tsv").write_text("".join(described[name] + "\n" for name in names))


def lend_programs(folder):
    """Links the programs, and the upload that run.py of ../shared/targets always needs, into `folder`."""
    (folder / "inputs").mkdir(parents=True, exist_ok=True)
    for tool in ("root", "v", "goload", "rustls", "java", "load.js", "inputs/ch-root-first"):
        if not (folder / tool).exists() and (TARGETS / tool).exists():
            (folder / tool).symlink_to((TARGETS / tool).resolve())


def are_here():
    """Whether ../shared and the uploads are here; prints a line where they are not."""
    if not (SHARED / "matrix.tsv").is_file():
        print(f"skipped: no {SHARED}")
        return False
    if not (TARGETS / "inputs.tsv").is_file():
        print(f"skipped: no uploads in {TARGETS}; run tests/assurance/targets/setup.sh")
        return False
    return True
