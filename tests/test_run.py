"""The script `run` on real surroundings: a real cluster in odd places, kills, locks, ports, missing programs."""

import contextlib
import os
import pwd
import shutil
import signal
import socket
import stat
import subprocess
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
AS_ROOT = os.geteuid() == 0


def bash(folder: Path, script: str, user: str | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs SCRIPT with the functions of `folder/run`, without the database of this test run; only root names a USER."""
    unset = ("DATABASE_URL", "CONDA_PREFIX", "SECRET_KEY")
    inherited = {key: value for key, value in os.environ.items() if key not in unset}
    return subprocess.run(
        ["bash", "-c", f'source ./run; cd -- "$ROOT"; exec 3>&2\n{script}'],
        cwd=folder,
        env=inherited | environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        user=user,
        group=user and pwd.getpwnam(user).pw_gid,
        extra_groups=user and [],
    )


def checkout(folder: Path) -> Path:
    (folder / "gis_app").mkdir(parents=True)
    shutil.copy(ROOT / "run", folder)
    shutil.copy(ROOT / "gis_app" / "cluster.sh", folder / "gis_app")
    return folder


def open_to_all(folder: Path) -> None:
    """pytest's folders are closed to others; the database's user must pass through them."""
    for each in [folder, *folder.parents]:
        if each.stat().st_uid == os.geteuid() and not each.stat().st_mode & stat.S_IXOTH:
            each.chmod(each.stat().st_mode | stat.S_IXOTH)


@pytest.fixture
def folder():
    with tempfile.TemporaryDirectory(prefix="bt") as short:  # pytest's own names are too long for a socket
        open_to_all(Path(short))
        place = checkout(Path(short, 'Bản đồ Bình Thuận\'s "map"'))
        yield place
        bash(place, "prepare_folder; choose_places stop; leave_database")


def test_help_names_every_command():
    answer = subprocess.run([ROOT / "run", "--help"], capture_output=True, text=True, check=True)
    for command in ("test", "bench", "manage", "stop", "lock"):
        assert f"./run {command}" in answer.stdout


def test_an_unknown_command_is_a_sentence():
    answer = subprocess.run([ROOT / "run", "sevre"], capture_output=True, text=True, check=False)
    assert (answer.returncode, answer.stderr.count("\n")) == (2, 1)
    assert "'sevre'" in answer.stderr


def test_continuous_integration_is_the_same_command():
    assert (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()[1:] == ["exec ./run test"]


# ---- steps

STEP = 'prepare_folder; step toy "A toy" "$HASH" "$VAR" bash -c "echo x >>count; $AND"'


def test_a_step_runs_again_only_when_its_inputs_change(folder):
    for inputs in ("1", "1", "2", "2"):
        bash(folder, STEP, HASH=inputs, AND="true")
    assert (folder / "count").read_text() == "x\nx\n"


def test_a_failed_step_leaves_no_stamp_and_says_why(folder):
    bash(folder, STEP, HASH="1", AND="true")
    failed = bash(folder, STEP, HASH="2", AND="echo No space left on device; exit 1")
    assert failed.returncode == 1
    assert failed.stderr.splitlines()[-1].startswith("run: The disk is full (A toy).")
    bash(folder, STEP, HASH="1", AND="true")
    assert (folder / "count").read_text() == "x\n" * 3


def test_a_killed_step_runs_again(folder):
    bash(folder, STEP, HASH="1", AND='kill -9 "$PPID"; kill -9 $$')
    bash(folder, STEP, HASH="1", AND="true")
    assert (folder / "count").read_text() == "x\nx\n"


def test_the_hash_tells_contents_and_names_apart(folder):
    (folder / "data").mkdir()
    seen = set()
    for name, text in (("a", "1"), ("a", "2"), ("b", "2"), ("Mũi Né – 1", "2")):
        (folder / "data" / name).write_text(text)
        seen.add(bash(folder, "tree_hash data").stdout)
    assert len(seen) == 4
    (folder / "data" / "node_modules").mkdir()
    (folder / "data" / "node_modules" / "c").write_text("3")
    assert bash(folder, "tree_hash data").stdout in seen


def test_one_at_a_time(folder):
    script = 'prepare_folder; lock; echo "in" >>order; sleep 0.3; echo out >>order'
    first = subprocess.Popen(["bash", "-c", f"source ./run; {script}"], cwd=folder, stderr=subprocess.DEVNULL)
    second = bash(folder, script)
    first.wait(timeout=30)
    assert (folder / "order").read_text() == "in\nout\nin\nout\n"
    assert second.returncode == 0


def test_the_secret_is_made_once_and_kept_from_others(folder):
    first, second = (bash(folder, 'prepare_folder; make_secret; printf %s "$SECRET_KEY"') for _ in range(2))
    assert first.stdout == second.stdout
    assert len(first.stdout) >= 50
    assert stat.S_IMODE((folder / "var" / "secret_key").stat().st_mode) == 0o600


# ---- bad surroundings


def test_no_apt_is_a_sentence(folder, tmp_path):
    (tmp_path / "bin").mkdir()
    answer = bash(folder, "prepare_folder; PATH=$ONLY; install_packages gettext", ONLY=str(tmp_path / "bin"))
    assert answer.returncode == 1
    assert answer.stderr.startswith("run: These Debian packages are missing and there is no apt-get here: gettext.")


def test_neither_root_nor_sudo_is_a_sentence_with_the_packages(folder, tmp_path):
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "apt-get").symlink_to("/bin/true")  # enough to be found
    open_to_all(tmp_path)
    script = "PATH=$ONLY; install_packages gettext python3-venv"
    answer = bash(folder, script, user="nobody" if AS_ROOT else None, ONLY=str(tmp_path / "bin"))
    assert answer.returncode == 1
    assert answer.stderr.endswith("as root: apt-get update && apt-get install gettext python3-venv\n")
    assert answer.stderr.count("\n") == 1


def test_a_full_disk_is_a_sentence(folder):
    answer = bash(folder, "prepare_folder; require_space 999999999")
    assert answer.returncode == 1
    assert answer.stderr.startswith("run: The disk is full:")
    assert answer.stderr.count("\n") == 1


def test_missing_programs_go_by_debians_names(folder, tmp_path):
    (tmp_path / "bin").mkdir()
    answer = bash(
        folder,
        "find_python() { false; }; postgres_programs() { false; }; PATH=$ONLY; missing_packages serve",
        ONLY=str(tmp_path / "bin"),
        CONDA_PREFIX="",
    )
    pango = ["libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0"]
    assert answer.stdout.split() == ["python3-venv", "gettext", "postgresql-15-postgis-3", *pango]


def test_a_taken_port_is_seen(folder):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert bash(folder, f"listening {port}").returncode == 0
    assert bash(folder, f"listening {port}").returncode == 1


@pytest.mark.parametrize(("says", "served"), [(b"HTTP/1.0 503 \r\n\r\n", True), (b"", False)])
def test_a_page_has_answered_only_when_there_is_an_answer(folder, says, served):
    with socket.create_server(("127.0.0.1", 0)) as server, ThreadPoolExecutor() as pool:
        asked = pool.submit(bash, folder, f"page_answers {server.getsockname()[1]}", ALLOWED_HOSTS=".map.vn,other")
        connection, _ = server.accept()
        with connection, connection.makefile("rb") as request:
            assert [next(request), next(request)] == [b"GET / HTTP/1.0\r\n", b"Host: map.vn\r\n"]
            connection.sendall(says)
            assert (asked.result().returncode == 0) == served


@pytest.mark.parametrize("port", ["0", "web", "-1", "99999999"])
def test_a_bad_port_is_a_sentence(folder, port):
    answer = bash(folder, "serve", PORT=port)
    assert (answer.returncode, answer.stderr) == (1, f"run: PORT must be a port number, not '{port}'.\n")


@pytest.mark.skipif(not AS_ROOT, reason="only root hands the database to another user")
def test_a_folder_closed_to_the_database_is_a_sentence_but_the_tests_run(folder):
    folder.chmod(0o700)
    served = bash(folder, "prepare_folder; choose_places serve")
    assert served.returncode == 1
    assert "cannot enter" in served.stderr
    tested = bash(folder, 'prepare_folder; choose_places test; echo "$CLUSTER"; rm -r -- "$SHORT"')
    assert tested.stdout.startswith("/tmp/binhthuan-")
    folder.chmod(0o755)


def test_a_socket_folder_of_somebody_else_is_refused(folder):
    (folder / "var" / "socket").mkdir(parents=True, mode=0o755)
    answer = bash(folder, "prepare_folder; choose_places serve")
    assert answer.returncode == 1
    assert "is not a folder of user" in answer.stderr


# ---- who serves

PRIVILEGES = """choose_server_user "$ON"; "${AS_SERVER[@]}" bash -c 'id -un; grep NoNewPrivs /proc/self/status'"""
SITE = ("var/venv/bin/python", "gis_app/settings.py", "layers/frontend/dist/manifest.json", "var/static/icon.svg")


@pytest.fixture
def site(folder):
    for name in SITE:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch(0o644)
    return folder


@pytest.mark.skipif(not AS_ROOT, reason="only root hands the server to another user")
def test_root_hands_the_server_to_the_databases_user(site):
    answer = bash(site, f"prepare_folder; choose_places serve; {PRIVILEGES}", ON="8000")
    assert (answer.stdout.split(), answer.stderr) == (["postgres", "NoNewPrivs:", "1"], "")


@pytest.mark.skipif(not AS_ROOT, reason="only root hands the server to another user")
@pytest.mark.parametrize(
    ("before", "port"),
    [
        ("chmod 600 gis_app/settings.py; choose_places serve", "8000"),
        ("choose_places serve", "443"),
        ("true", "8000"),  # DATABASE_URL names a database of somebody else: there is no user to become
    ],
)
def test_a_server_that_must_stay_root_warns(site, before, port):
    answer = bash(site, f"prepare_folder; {before}; {PRIVILEGES}", ON=port)
    assert answer.stdout.split() == ["root", "NoNewPrivs:", "1"]
    assert answer.stderr.startswith("Warning: the web server runs as root.")


@pytest.mark.skipif(AS_ROOT, reason="an ordinary user")
def test_an_ordinary_users_server_is_his_own_and_gains_no_rights(site):
    answer = bash(site, f"prepare_folder; {PRIVILEGES}", ON="8000")
    assert (answer.stdout.split(), answer.stderr) == ([pwd.getpwuid(os.geteuid()).pw_name, "NoNewPrivs:", "1"], "")


# ---- signals


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_is_passed_on_and_the_exit_code_comes_back(folder, sent):
    script = """launch bash -c 'trap "exit 7" TERM; echo ready; while :; do sleep 0.1; done'; attend"""
    command = ["env", "--default-signal", "bash", "-c", f"source ./run; {script}"]  # nohup ignores SIGHUP
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True, start_new_session=True) as process:
        try:
            assert process.stdout
            assert process.stdout.readline() == "ready\n"
            process.send_signal(sent)
            assert process.wait(timeout=10) == 7
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


# ---- the worker beside the server

WORKER = """#!/bin/bash
echo "$$ $* $DATABASE_URL $STATEMENT_TIMEOUT_MS" >>begun
trap 'sleep 0.3; echo "$$" >>ended; exit' TERM
while :; do sleep 0.1; done
"""
LINES = 'lines() { until [[ $(wc -l <"$1") == "$2" ]]; do sleep 0.1; done; }; touch begun ended'


@pytest.fixture
def worker(folder):
    python = folder / "var" / "venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(WORKER)
    python.chmod(0o755)
    return folder


def test_a_worker_that_dies_is_started_again_and_ends_with_the_server(worker):
    answer = bash(
        worker,
        f"""{LINES}; prepare_folder; AS_SERVER=(setpriv --no-new-privs --)
        DATABASE_URL=owner WEB_DATABASE_URL=web; export DATABASE_URL WEB_DATABASE_URL
        launch sleep 30; keep_worker & KEEPER=$!
        lines begun 1; kill -9 "$(cut -d ' ' -f 1 begun)"; lines begun 2
        ask_to_end; attend || true; wait "$KEEPER"; for pid in $(cut -d ' ' -f 1 begun); do ! kill -0 "$pid"; done""",
    )
    begun = [line.split() for line in (worker / "begun").read_text().splitlines()]
    assert [line[1:] for line in begun] == [["manage.py", "work", "web", "0"]] * 2, answer.stderr
    assert (worker / "ended").read_text().split() == [begun[1][0]], "it was waited for"


def test_the_worker_does_not_keep_the_lock_of_the_set_up(worker):
    """`serve` lets go of it when the page answers: whoever waits for it then would wait for ever."""
    serve = (ROOT / "run").read_text(encoding="utf-8").partition("\nserve() {")[2].partition("\n}\n")[0]
    (begin,) = [line.strip() for line in serve.splitlines() if "keep_worker" in line]
    answer = bash(
        worker,
        f"""{LINES}; prepare_folder; AS_SERVER=(); lock; launch sleep 30
        {begin} KEEPER=$!; lines begun 1; unlock; flock -n "$VAR/lock" echo free; ask_to_end; attend || true""",
        DATABASE_URL="owner",
    )
    assert answer.stdout == "free\n", answer.stderr


def test_stop_reaches_the_worker_of_a_script_that_was_killed(worker):
    script = """exec 7>>"$VAR/server"; flock -n 7; launch sleep 30; kill $CHILD; AS_SERVER=(); keep_worker & wait"""
    killed = f"""{LINES}; prepare_folder
        (exec bash -c 'source ./run; {script}') >/dev/null 2>&1 & lines begun 1; kill -9 $!
        OWN_DATABASE=no; stop; cat ended"""
    answer = bash(worker, killed, DATABASE_URL="owner")
    assert answer.stdout.split() == [(worker / "begun").read_text().split()[0]], answer.stderr


# ---- the cluster

UP = "prepare_folder; lock; set_up_database manage"
ASK = """psql -X -h "$SOCKETS" -p $SOCKET_PORT -U app -d binhthuan -Atc"""


def test_a_database_that_died_under_a_running_server_comes_back(folder):
    again = "env -u DATABASE_URL bash -c 'exec 7>&- 8>&- 9>&-; source ./run; serve'"
    answer = bash(
        folder,
        f"""{UP}; unlock; exec 7>>"$VAR/server"; flock -n 7; kill -9 "$(head -n 1 "$CLUSTER/postmaster.pid")";
        while {ASK} "SELECT 1" >"$VAR/log/asked" 2>&1; do sleep 0.1; done
        {again}; {ASK} "SELECT 'alive'" """,
    )
    assert answer.stdout == "alive\n", answer.stderr
    assert "already served" in answer.stderr


def test_a_cluster_lives_in_an_odd_folder_and_outlives_a_kill(folder):
    made = bash(
        folder,
        f"""{UP}; {ASK} "SELECT postgis_lib_version() >= '3.3', current_setting('is_superuser')";
        {ASK} "CREATE TABLE kept AS SELECT 1 AS one"; kill -9 "$(head -n 1 "$CLUSTER/postmaster.pid")" """,
    )
    assert (made.stdout.splitlines()[0], made.returncode) == ("t|off", 0), made.stderr
    began = time.monotonic()
    again = bash(folder, f"""{UP}; {ASK} "SELECT one FROM kept"; printf %s "$DATABASE_URL" """)
    assert again.stdout.startswith("1\npostgis://app@/binhthuan?host="), again.stderr
    assert time.monotonic() - began < 20
    dead = bash(folder, "prepare_folder; choose_places stop; cluster_is_dead && echo dead")
    assert dead.stdout == "dead\n", "the last to leave stops the database"


def test_an_interrupted_creation_starts_anew(folder):
    bash(folder, 'prepare_folder; choose_places serve; private_folder "$CLUSTER.new"; touch "$CLUSTER.new/half"')
    assert bash(folder, f'{UP}; {ASK} "SELECT 1"').stdout == "1\n"


def test_too_long_a_socket_path_moves_to_tmp(tmp_path):
    open_to_all(tmp_path)
    place = checkout(tmp_path / ("đ" * 50))  # 50 letters, 100 bytes
    answer = bash(place, 'prepare_folder; choose_places serve; printf %s "$SOCKETS"; rmdir -- "$SOCKETS"')
    assert answer.stdout.startswith("/tmp/binhthuan-")
    assert answer.returncode == 0


def test_tests_may_make_databases_with_postgis(folder):
    made = bash(
        folder,
        f"""{UP}; {ASK} "CREATE DATABASE more" && psql -X -h "$SOCKETS" -p $SOCKET_PORT -U app \
        -d more -Atc "INSERT INTO spatial_ref_sys (srid) VALUES (9218) RETURNING srid" """,
    )
    assert made.stdout.splitlines()[1] == "9218", made.stdout + made.stderr


@pytest.mark.skipif(not AS_ROOT, reason="only root can ask as another user")
def test_no_other_user_of_the_machine_reaches_the_database(folder):
    ask_as_nobody = "setpriv --reuid=nobody --clear-groups " + ASK
    answer = bash(
        folder,
        f"{UP}; {ASK} 'SELECT 1'; {ask_as_nobody} 'SELECT 2' || {ask_as_nobody.replace('app', 'postgres')} 'SELECT 3'",
    )
    assert answer.stdout == "1\n"
    assert answer.stderr.count("failed: Permission denied") == 2
