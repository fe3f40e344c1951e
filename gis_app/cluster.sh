# shellcheck shell=bash disable=SC2154
# The project's own PostGIS, used by ./run: a cluster under var/ that only a Unix socket reaches.
# Doors: set_up_database COMMAND starts it and exports DATABASE_URL; leave_database, at the script's end, stops it
# unless others use it. With DATABASE_URL set beforehand both do nothing.

SHORT=/tmp/binhthuan-$(printf '%s' "$ROOT $EUID" | sha256sum | cut -c 1-12)  # where a path under var/ will not do
CLUSTER=$VAR/postgres
SOCKETS=$VAR/socket
SOCKET_PORT=5433  # names the socket file only: the database listens on no network address
OWNER=$(id -un)
AS_OWNER=()  # the words before a command that the database's own user runs
OWN_DATABASE=yes
if [[ -n ${DATABASE_URL:-} ]]; then OWN_DATABASE=no; fi

# Folder of the PostgreSQL programs, with PostGIS and of the data's version: conda's, else Debian's newest.
postgres_programs() {
    local bin version data_version=''
    if [[ -f $CLUSTER/PG_VERSION ]]; then data_version=$(<"$CLUSTER/PG_VERSION"); fi
    for bin in ${CONDA_PREFIX:+"$CONDA_PREFIX/bin"} /usr/lib/postgresql/{20,19,18,17,16,15}/bin; do
        [[ -x $bin/initdb ]] || continue
        version=$("$bin/postgres" --version | grep -oE '[0-9]+' | head -n 1)
        if [[ -n $data_version && $version != "$data_version" ]]; then continue; fi
        if [[ -f /usr/share/postgresql/$version/extension/postgis.control \
            || -f ${CONDA_PREFIX:-}/share/extension/postgis.control ]]; then
            printf '%s' "$bin"
            return
        fi
    done
    return 1
}

# The database outlives this script: it must hold neither our locks nor our terminal.
as_owner() { "${AS_OWNER[@]}" "$@" 3>&- 6>&- 7>&- 8>&- 9>&-; }

# Root cannot run PostgreSQL: it then runs as Debian's user postgres, who must be able to reach its folder.
choose_owner() {
    if ((EUID)); then return; fi
    id postgres >/dev/null 2>&1 || die "Started as root, and there is no user 'postgres' to run the database. Start ./run as an ordinary user."
    OWNER=postgres
    AS_OWNER=(setpriv --reuid=postgres --regid=postgres --init-groups --)
    if as_owner test -x "$VAR"; then return; fi
    if [[ $1 != test ]]; then
        die "The database runs as user 'postgres', who cannot enter $ROOT. Move this folder to where others may enter (/srv, say), or start ./run as an ordinary user, or set DATABASE_URL."
    fi
    CLUSTER=$SHORT/postgres  # the tests' database is thrown away: any place will do
    SOCKETS=$SHORT
}

# A folder of the database's user alone. /tmp is open to all: one that somebody else put there is refused.
private_folder() {
    if [[ ! -e $1 ]]; then
        mkdir -m 700 -- "$1"
        chown "$OWNER" -- "$1"
    fi
    [[ $(stat -c '%F %U %a' -- "$1") == "directory $OWNER 700" ]] ||
        die "$1 is not a folder of user $OWNER alone. Start ./run as the user who did so first, or remove it."
}

choose_places() {
    local LC_ALL=C socket=$SOCKETS/.s.PGSQL.$SOCKET_PORT.lock
    choose_owner "$1"
    if ((${#socket} > 107)); then SOCKETS=$SHORT; fi  # the system's limit, in bytes
    private_folder "$SOCKETS"
}

create_cluster() {
    local bin=$1 new=$CLUSTER.new
    rm -rf -- "$new" "$VAR/stamps/database"
    private_folder "$new"
    as_owner "$bin/initdb" --pgdata="$new" --username=postgres --encoding=UTF8 --locale=C.UTF-8 \
        --auth-local=trust --auth-host=reject
    as_owner tee -a "$new/postgresql.conf" >/dev/null <<'CONF'

# The map's own settings; run.conf is written at each start.
include_if_exists = 'run.conf'
listen_addresses = ''
max_connections = 60
shared_buffers = 512MB
effective_cache_size = 4GB
work_mem = 32MB
maintenance_work_mem = 256MB
max_wal_size = 2GB
wal_compression = on
random_page_cost = 1.1
max_parallel_workers_per_gather = 1
jit = off
logging_collector = on
log_filename = 'postgresql-%a.log'
log_rotation_age = 1d
log_truncate_on_rotation = on
CONF
    # app may create databases (the tests do), and finds PostGIS in each: only a superuser may install that
    as_owner "$bin/postgres" --single -D "$new" template1 <<'SQL'
CREATE EXTENSION postgis
SET exit_on_error = on
CREATE ROLE app LOGIN CREATEDB
CREATE ROLE web LOGIN
GRANT web TO app
ALTER ROLE web SET log_min_error_statement = panic
ALTER ROLE web SET log_error_verbosity = terse
ALTER ROLE web SET log_statement = none
GRANT SELECT, INSERT, UPDATE, DELETE ON spatial_ref_sys TO app
CREATE DATABASE binhthuan OWNER app
SQL
    mv -- "$new" "$CLUSTER"
}

# After a kill -9 the pid file stays and may name a stranger. Nothing works in the folder: nothing is alive.
cluster_is_dead() {
    local folder
    for folder in /proc/[0-9]*/cwd; do
        if [[ $folder -ef $CLUSTER ]]; then return 1; fi
    done
}

cluster_answers() { "$1/pg_isready" -q -h "$SOCKETS" -p $SOCKET_PORT -U app -d binhthuan; }

start_cluster() {
    local bin=$1 starts=0 try quoted=${SOCKETS//\'/\'\'}
    printf "unix_socket_directories = '\"%s\"'\nunix_socket_permissions = 0700\nport = %s\n" \
        "${quoted//\"/\"\"}" $SOCKET_PORT | as_owner tee "$CLUSTER/run.conf" >/dev/null
    for try in {1..80}; do
        if cluster_answers "$bin"; then return; fi
        if cluster_is_dead; then
            if ((starts++ == 3)); then break; fi
            rm -f -- "$CLUSTER/postmaster.pid" "$SOCKETS"/.s.PGSQL.$SOCKET_PORT{,.lock}
            # from within, as pg_ctl hands the folder's name to a shell between double quotes
            (cd -- "$CLUSTER" && as_owner "$bin/pg_ctl" start -D . -l start.log -w -t 600) || sleep 0.5
        else  # it starts, stops or recovers; or its socket was swept away, and then only a restart helps
            if ((try == 60)); then as_owner "$bin/pg_ctl" stop -D "$CLUSTER" -m fast || true; fi
            sleep 0.25
        fi
    done
    tail -n 5 -- "$CLUSTER/start.log" "$CLUSTER"/log/*.log >&2 || true
    return 1
}

percent_encoded() { printf '%s' "$1" | od -An -v -tx1 | tr -d '\n' | tr ' ' '%'; }

set_up_database() {
    local bin
    if [[ $OWN_DATABASE == no ]]; then return; fi
    unset "${!PG@}" 2>/dev/null || true
    choose_places "$1"
    bin=$(postgres_programs) || die "No PostgreSQL with PostGIS of version $(<"$CLUSTER/PG_VERSION"), which made $CLUSTER, is installed."
    trap leave_database EXIT
    exec 8>>"$VAR/users" && flock -s 8  # held for as long as this command, or a child of it, needs the database
    if [[ ! -d $CLUSTER ]]; then logged "Database cluster" "$VAR/log/initdb.log" create_cluster "$bin"; fi
    private_folder "$CLUSTER"
    cluster_answers "$bin" || logged "Database server" "$VAR/log/start.log" start_cluster "$bin"
    DATABASE_URL="postgis://app@/binhthuan?host=$(percent_encoded "$SOCKETS")&port=$SOCKET_PORT"
    # The web server's own role: no personal table, and the access log only to add to. Its statements stay out of logs.
    WEB_DATABASE_URL="postgis://web@/binhthuan?host=$(percent_encoded "$SOCKETS")&port=$SOCKET_PORT"
    export DATABASE_URL WEB_DATABASE_URL
}

# The last to leave turns off the light. A ./run that holds the lock just now needs the database, so it stays.
leave_database() {
    if [[ $OWN_DATABASE == no || ! -d $CLUSTER ]]; then return; fi
    exec 8>&- 9>>"$VAR/lock"
    exec 8>>"$VAR/users"
    if flock -n 9 && flock -n -x 8; then
        as_owner "$(postgres_programs)/pg_ctl" stop -D "$CLUSTER" -m fast >/dev/null 2>&1 || true
    fi
    exec 8>&- 9>&-
    if [[ $SOCKETS == "$SHORT" ]]; then rmdir -- "$SHORT" 2>/dev/null || true; fi
}
