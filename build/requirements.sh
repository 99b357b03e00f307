# What ./up and ./test share: what a machine needs before Matriarch can be built, run and tested. Sourced, with
#   root          the clone
#   may_install   no: say what is missing instead of installing it
# shellcheck shell=sh

sdk_major=10
postgres_oldest=14
postgres_newest=18

fail() {
  echo "error: $1" >&2
  echo "what to do: $2" >&2
  exit 1
}

check_sdk() {
  hint="install it from https://dotnet.microsoft.com/download/dotnet/$sdk_major.0, then run this again"
  command -v dotnet > /dev/null 2>&1 || fail "the .NET $sdk_major SDK is not installed" "$hint"
  dotnet --list-sdks | grep -q "^$sdk_major\." ||
    fail "the .NET $sdk_major SDK is not installed (there is: $(dotnet --list-sdks | cut -d' ' -f1 | tr '\n' ' '))" "$hint"
}

# Whether one directory has a server of a supported version, with the programs that a node needs.
has_postgres_in() {
  [ -x "$1/postgres" ] && [ -x "$1/initdb" ] && [ -x "$1/pg_basebackup" ] && [ -x "$1/pg_rewind" ] || return 1
  major=$("$1/postgres" --version 2> /dev/null | sed -n 's/^postgres (PostgreSQL) \([0-9]*\).*/\1/p')
  [ -n "$major" ] && [ "$major" -ge "$postgres_oldest" ] && [ "$major" -le "$postgres_newest" ]
}

has_postgres() {
  if [ -n "${MATRIARCH_POSTGRES_BIN_DIRECTORY:-}" ]; then
    return 0 # named by hand: the program itself looks at it
  fi

  for directory in /usr/lib/postgresql/*/bin; do
    has_postgres_in "$directory" && return 0
  done
  server=$(command -v postgres 2> /dev/null) || return 1
  has_postgres_in "$(dirname -- "$(readlink -f -- "$server")")"
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo -n -- "$@"; fi
}

install_postgres() {
  by_hand="install PostgreSQL $postgres_oldest to $postgres_newest, server and client (Debian: apt-get install postgresql)"
  [ "${may_install:-yes}" = yes ] || fail "PostgreSQL is not installed" "$by_hand, or run this without --no-install"
  command -v apt-get > /dev/null 2>&1 || fail "PostgreSQL is not installed, and this system has no apt-get" "$by_hand"
  if [ "$(id -u)" -ne 0 ] && ! sudo -n true 2> /dev/null; then
    fail "PostgreSQL is not installed, and sudo asks for a password" "$by_hand, or run: sudo apt-get install postgresql"
  fi

  echo "Installing PostgreSQL from the system's packages ..."
  log=$(mktemp)
  # The package would make and start a server of its own on port 5432; nobody asked for that one.
  configuration=/etc/postgresql-common/createcluster.conf
  if [ ! -e "$configuration" ]; then
    as_root mkdir -p /etc/postgresql-common
    echo "create_main_cluster = false" | as_root tee "$configuration" > /dev/null
  fi

  if ! { as_root env DEBIAN_FRONTEND=noninteractive apt-get update -q &&
         as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends \
           -o Dpkg::Options::=--force-confold postgresql; } > "$log" 2>&1; then
    tail -n 15 "$log" >&2
    fail "PostgreSQL could not be installed; the lines above say why (all of it: $log)" "$by_hand"
  fi

  rm -f "$log"
  has_postgres || fail "the system's packages have no PostgreSQL $postgres_oldest to $postgres_newest" "$by_hand"
}

# Packages whose services must not start: Debian asks policy-rc.d before it starts one (101: do not). A policy that is
# there already has its own opinion, and stays. Their output goes to the file named first.
install_without_services() {
  quiet_log=$1
  shift
  policy=/usr/sbin/policy-rc.d
  own_policy=no
  if [ ! -e "$policy" ]; then
    own_policy=yes
    printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" > /dev/null
    as_root chmod 0755 "$policy"
  fi

  outcome=0
  { as_root env DEBIAN_FRONTEND=noninteractive apt-get update -q &&
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends \
      -o Dpkg::Options::=--force-confold "$@"; } > "$quiet_log" 2>&1 || outcome=1
  [ "$own_policy" = no ] || as_root rm -f "$policy"
  return "$outcome"
}

may_install_packages() {
  [ "${may_install:-yes}" = yes ] && command -v apt-get > /dev/null 2>&1 &&
    { [ "$(id -u)" -eq 0 ] || sudo -n true 2> /dev/null; }
}

# HAProxy and PgBouncer stand in front of a cluster in one end-to-end test. Nothing else needs them: where they cannot be
# installed that test says so and is skipped.
has_proxies() {
  PATH=$PATH:/usr/sbin command -v haproxy > /dev/null 2>&1 && PATH=$PATH:/usr/sbin command -v pgbouncer > /dev/null 2>&1
}

install_proxies() {
  may_install_packages || {
    echo "HAProxy or PgBouncer is not installed; the test that needs them will be skipped."
    return 0
  }

  echo "Installing HAProxy and PgBouncer from the system's packages ..."
  log=$(mktemp)
  # Only what was missing is ours to switch off.
  fresh=
  for name in haproxy pgbouncer; do
    PATH=$PATH:/usr/sbin command -v "$name" > /dev/null 2>&1 || fresh="$fresh $name"
  done
  # shellcheck disable=SC2086 # one word per package
  install_without_services "$log" $fresh || true
  for name in $fresh; do
    # Neither now, should a policy allow it, nor at the next boot.
    as_root service "$name" stop >> "$log" 2>&1 || true
    as_root update-rc.d "$name" disable >> "$log" 2>&1 || true
  done
  if has_proxies; then
    rm -f "$log"
  else
    echo "They could not be installed (see $log); the test that needs them will be skipped."
  fi
}

has_etcd() { command -v etcd > /dev/null 2>&1; }

# Only tests need it.
install_etcd() {
  by_hand="install etcd 3.4 or newer (Debian: apt-get install etcd-server)"
  [ "${may_install:-yes}" = yes ] || { echo "etcd is not installed: its tests are skipped ($by_hand)." >&2; return 0; }
  may_install_packages ||
    fail "etcd is not installed, and this script cannot do it here" "$by_hand, or run this with --no-install"
  echo "Installing etcd from the system's packages ..."
  log=$(mktemp)
  if ! install_without_services "$log" etcd-server; then
    tail -n 15 "$log" >&2
    fail "etcd could not be installed; the lines above say why (all of it: $log)" "$by_hand"
  fi

  rm -f "$log"
  # Nor at the next start of the machine.
  ! command -v systemctl > /dev/null 2>&1 || as_root systemctl disable -q etcd.service > /dev/null 2>&1 || true
}

# A network of namespaces, for bench/ and the chaos tests. As etcd: without it the tests that need it are skipped.
has_lab() { PATH=$PATH:/usr/sbin:/sbin command -v ip > /dev/null 2>&1; }

install_lab() {
  may_install_packages || { echo "ip (iproute2) is not installed: the chaos test is skipped." >&2; return 0; }
  install_for_bench iproute2 iproute2
}

# Only bench/ needs these: the peer that it measures.

has_patroni() {
  PATH=$PATH:/usr/sbin command -v haproxy > /dev/null 2>&1 && command -v patroni > /dev/null 2>&1
}

# What it is called by people, then the packages. Their services neither start now nor at the next start of the machine.
install_for_bench() {
  title=$1
  shift
  by_hand="install $title (Debian: apt-get install $*)"
  [ "${may_install:-yes}" = yes ] || fail "$title: not installed" "$by_hand, or run this without --no-install"
  may_install_packages || fail "$title: not installed, and this script cannot do it here" "$by_hand"
  echo "Installing $title from the system's packages ..."
  log=$(mktemp)
  fresh=
  for name in "$@"; do
    dpkg-query -W -f='${Status}' "$name" 2> /dev/null | grep -q 'ok installed' || fresh="$fresh $name"
  done
  # shellcheck disable=SC2086 # one word per package
  if ! install_without_services "$log" $fresh; then
    tail -n 15 "$log" >&2
    fail "$title: could not be installed; the lines above say why (all of it: $log)" "$by_hand"
  fi

  for name in $fresh; do
    as_root update-rc.d "$name" disable >> "$log" 2>&1 || true
    ! command -v systemctl > /dev/null 2>&1 || as_root systemctl disable -q "$name.service" >> "$log" 2>&1 || true
  done
  rm -f "$log"
}

# What tests/Matriarch.Compatibility compares through a gateway. Without one of these the test that needs it is skipped.

compatibility_packages() {
  [ -d /usr/lib/python3/dist-packages/psycopg ] || echo python3-psycopg
  [ -d /usr/lib/python3/dist-packages/psycopg2 ] || echo python3-psycopg2
  [ -d /usr/lib/python3/dist-packages/asyncpg ] || echo python3-asyncpg
  [ -e /usr/share/java/postgresql.jar ] || echo libpostgresql-jdbc-java
  # A compiler is needed for Java too: its program is one source file.
  command -v javac > /dev/null 2>&1 || echo default-jdk-headless
}

has_compatibility_clients() { [ -z "$(compatibility_packages)" ]; }

install_compatibility_clients() {
  may_install_packages || {
    echo "Drivers of PostgreSQL are not installed ($(compatibility_packages | tr '\n' ' ')); their tests will be skipped."
    return 0
  }

  echo "Installing drivers of PostgreSQL from the system's packages ..."
  log=$(mktemp)
  # shellcheck disable=SC2046 # one word per package
  install_without_services "$log" $(compatibility_packages) || true
  if has_compatibility_clients; then
    rm -f "$log"
  else
    echo "Not all could be installed (see $log); the tests that need them will be skipped."
  fi
}

# The inputs of PostgreSQL's own regression and isolation suites, from the system's source package of the server that is
# installed, and the library that the first one loads into it. Into a folder that git ignores.
has_suite_inputs() { [ -e "$root/artifacts/regression/complete" ]; }

install_suite_inputs() {
  [ "${may_install:-yes}" = yes ] && command -v apt-get > /dev/null 2>&1 || {
    echo "The inputs of PostgreSQL's own suites are not here; their tests will be skipped."
    return 0
  }

  echo "Fetching the inputs of PostgreSQL's own test suites ..."
  if { ! command -v gcc > /dev/null 2>&1 || ! command -v bzip2 > /dev/null 2>&1; } && may_install_packages; then
    install_without_services "$(mktemp)" gcc libc6-dev bzip2 || true
  fi

  fetched=$(mktemp -d)
  if fetch_suite_inputs "$fetched" > "$fetched/log" 2>&1; then
    rm -rf "$root/artifacts/regression"
    mkdir -p "$root/artifacts"
    mv "$fetched/inputs" "$root/artifacts/regression"
    touch "$root/artifacts/regression/complete"
    rm -rf "$fetched"
  else
    echo "They could not be fetched (see $fetched/log); the tests that need them will be skipped."
  fi
}

fetch_suite_inputs() {
  place=$1
  major=$(for directory in /usr/lib/postgresql/*/; do basename "$directory"; done | sort -n | tail -n 1)
  version=$(dpkg-query -W -f='${source:Version}' "postgresql-$major") || return 1
  # Lists of its own: those of the system stay without sources.
  mkdir -p "$place/parts" "$place/lists/partial" "$place/cache/archives/partial" "$place/inputs"
  for file in /etc/apt/sources.list /etc/apt/sources.list.d/*; do
    case $file in
      *.sources) sed 's/^Types:.*/Types: deb-src/' "$file" > "$place/parts/$(basename "$file")" ;;
      *.list) [ ! -e "$file" ] || sed -n 's/^deb /deb-src /p' "$file" > "$place/parts/$(basename "$file")" ;;
    esac
  done
  apt_sources="apt-get -q -o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts=$place/parts \
    -o Dir::State::lists=$place/lists -o Dir::Cache=$place/cache"
  $apt_sources update || true # a source that has no sources is no loss
  (
    cd "$place" || exit 1
    $apt_sources source --download-only "postgresql-$major=$version" || exit 1
    apt-get -q download "postgresql-server-dev-$major=$version" || apt-get -q download "postgresql-server-dev-$major" || exit 1
    mkdir source headers
    tar -C source --strip-components=3 -xf "postgresql-$major"_*.orig.tar.* --wildcards '*/src/test/regress' '*/src/test/isolation' &&
      dpkg -x "postgresql-server-dev-$major"_*.deb headers
  ) || return 1
  mv "$place/source/regress" "$place/source/isolation" "$place/inputs/" || return 1
  gcc -O1 -fPIC -shared -I "$place/headers/usr/include/postgresql/$major/server" \
    -o "$place/inputs/regress/regress.so" "$place/inputs/regress/regress.c"
}

# What tests need from npm (dynalite, Quint, node-postgres), in the versions of tests/npm, into a folder that git ignores.
has_npm_packages() {
  [ -e "$root/artifacts/npm/node_modules/dynalite/cli.js" ] &&
    [ -e "$root/artifacts/npm/node_modules/@informalsystems/quint/dist/src/cli.js" ] &&
    [ -d "$root/artifacts/npm/node_modules/pg-copy-streams" ] &&
    cmp -s "$root/tests/npm/package-lock.json" "$root/artifacts/npm/package-lock.json"
}

install_npm_packages() {
  by_hand="install Node.js 20 or newer with npm, then run this again"
  [ "${may_install:-yes}" = yes ] || { echo "dynalite, Quint or node-postgres is not installed: its tests are skipped." >&2; return 0; }
  if ! command -v npm > /dev/null 2>&1 && may_install_packages; then
    echo "Installing npm from the system's packages ..."
    log=$(mktemp)
    install_without_services "$log" npm || tail -n 15 "$log" >&2
    rm -f "$log"
  fi

  command -v npm > /dev/null 2>&1 || fail "npm is not installed, and the tests of the DynamoDB store, of the models and of node-postgres need it" "$by_hand"
  echo "Installing what tests need from npm ..."
  mkdir -p "$root/artifacts/npm"
  rm -f "$root/artifacts/npm/package-lock.json"
  cp "$root/tests/npm/package.json" "$root/artifacts/npm/"
  cp "$root/tests/npm/package-lock.json" "$root/artifacts/npm/npm-shrinkwrap.json"
  log=$(mktemp)
  if ! (cd "$root/artifacts/npm" && npm ci --ignore-scripts --no-audit --no-fund) > "$log" 2>&1; then
    tail -n 15 "$log" >&2
    fail "what tests need could not be installed from npm; the lines above say why (all of it: $log)" "$by_hand"
  fi

  rm -f "$log"
  # Last: only a complete folder counts as installed.
  mv "$root/artifacts/npm/npm-shrinkwrap.json" "$root/artifacts/npm/package-lock.json"
}

# A build writes into the files that it replaces, and the processes of a running cluster have them mapped: that would crash
# them. They keep the files they have when the build gets copies to write into.
spare_running_processes() {
  [ -d "$built" ] || return 0
  rm -rf "$built.copy" "$built.mapped"
  cp -a "$built" "$built.copy"
  mv "$built" "$built.mapped"
  mv "$built.copy" "$built"
  rm -rf "$built.mapped"
}
