#!/usr/bin/env bash
# Puts together roots of language packages with the clients of their registries, catalogues them with Trowel, Syft and
# OSV-Scalibr, and prints the tables of docs/parity.md ("Languages"); exits non-zero at a difference that
# languages.tsv does not explain, and where something is missed that the client itself lists.
# usage: languages.sh DIR   (needs python3 with venv, npm, mvn, cargo, apt, syft, scalibr; keeps what it made in DIR)
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
work=$(mkdir -p "$1/roots" "$1/out" && cd "$1" && pwd)
roots=$work/roots

make_python() {
  python3 -m venv "$roots/python/opt/venv"
  local pip=$roots/python/opt/venv/bin/pip
  "$pip" install -q setuptools wheel requests flask numpy pandas django celery boto3 cryptography pyyaml jinja2 \
    sqlalchemy fastapi uvicorn lxml pillow jupyterlab
  mkdir -p "$work/editable/editable_pkg" && touch "$work/editable/editable_pkg/__init__.py"
  printf '[project]\nname = "my-editable"\nversion = "0.3.1"\n[build-system]\nrequires = ["setuptools"]\nbuild-backend = "setuptools.build_meta"\n' \
    > "$work/editable/pyproject.toml"
  "$pip" install -q -e "$work/editable"
  "$pip" list --format=json > "$work/out/pip.json"
}

make_node() {
  mkdir -p "$roots/node/app" "$roots/node/usr/share/nginx/html"
  cd "$roots/node/app"
  printf '{"name":"truth-app","version":"2.3.4","license":"MIT","dependencies":{"express":"4.19.2","next":"14.2.5","react":"18.3.1","react-dom":"18.3.1","webpack":"5.93.0","npm":"10.8.2","jquery":"3.7.1","bootstrap":"5.3.3","vue":"3.4.31","lodash":"4.17.21","terser":"5.31.3","fast-uri":"3.0.1","jest":"29.7.0"}}' > package.json
  npm install --ignore-scripts --no-audit --no-fund --silent
  npm ls --all --json > "$work/out/npm.json" || true
  cp node_modules/{jquery/dist/jquery.min.js,bootstrap/dist/js/bootstrap.bundle.min.js,vue/dist/vue.global.prod.js,lodash/lodash.min.js} \
    "$roots/node/usr/share/nginx/html"
}

make_java() {
  mkdir -p "$work/maven"
  {
    echo '<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion><groupId>t.t</groupId><artifactId>truth</artifactId><version>1.0</version><dependencies>'
    while IFS=: read -r group artifact version; do
      echo "<dependency><groupId>$group</groupId><artifactId>$artifact</artifactId><version>$version</version></dependency>"
    done < "$here/languages-maven.txt"
    echo '</dependencies></project>'
  } > "$work/maven/pom.xml"
  mvn -q -B -f "$work/maven/pom.xml" dependency:copy-dependencies "-DoutputDirectory=$roots/java/app/lib"
  mvn -q -B -f "$work/maven/pom.xml" dependency:list "-DoutputFile=$work/out/maven.txt"
}

make_rust() {
  mkdir -p "$work/crate/src" "$roots/rust/usr/bin"
  cd "$work/crate"
  printf '[package]\nname = "hello"\nversion = "0.1.0"\nedition = "2021"\n[dependencies]\nserde_json = "1"\nregex = "1"\nanyhow = "1"\nclap = { version = "4", features = ["derive"] }\nsha2 = "0.10"\n' > Cargo.toml
  printf 'use clap::Parser; use sha2::Digest;\n#[derive(Parser)] struct A { pattern: String, text: String }\nfn main() -> anyhow::Result<()> { let a = A::parse(); let r = regex::Regex::new(&a.pattern)?; let v: serde_json::Value = serde_json::from_str(&a.text)?; println!("{} {:?}", r.is_match(&v.to_string()), sha2::Sha256::digest(a.text)); Ok(()) }\n' > src/main.rs
  [ -x "$work/cargo/bin/cargo-auditable" ] || cargo install -q cargo-auditable --root "$work/cargo"
  PATH=$work/cargo/bin:$PATH cargo auditable build -q --release
  cp target/release/hello "$roots/rust/usr/bin/hello"
  cargo tree --prefix none --edges normal,no-proc-macro --format '{p}' > "$work/out/cargo.txt"
}

make_debian() { # gemspecs, PEAR's registry, R, Node's packages in Debian's place, .NET assemblies, OTP, GHC
  mkdir -p "$work/debs/partial" "$roots/debian"
  # As if nothing were installed: what is on this machine must not be lacking in the root.
  : > "$work/status"
  apt-get install -y -qq --no-install-recommends --download-only -o "Dir::Cache::archives=$work/debs" \
    -o "Dir::State::status=$work/status" ruby-full ruby-rails \
    php-pear r-cran-ggplot2 node-express libnewtonsoft-json5.0-cil mono-runtime elixir erlang-ssl libghc-text-dev > /dev/null
  for deb in "$work"/debs/*.deb; do dpkg -x "$deb" "$roots/debian"; done
}

make_dotnet() { # a wheel that carries Microsoft's runtime
  mkdir -p "$work/wheels" "$roots/dotnet/opt"
  python3 -m pip download -q --no-deps -d "$work/wheels" dotnetcore2 pythonnet
  for wheel in "$work"/wheels/*.whl; do python3 -m zipfile -e "$wheel" "$roots/dotnet/opt"; done
}

for root in python node java rust debian dotnet; do
  [ -d "$roots/$root" ] || "make_$root" >&2
  out=$work/out/$root
  # 3: something was not assessed (there is no advisory database here).
  "${TROWEL:-$here/../../bin/trowel}" dig "dir:$roots/$root" --offline --no-store --quiet -o "json=$out.dig.json" || [ $? = 3 ]
  [ -e "$out.syft.json" ] || SYFT_CHECK_FOR_APP_UPDATE=false syft -q scan "dir:$roots/$root" \
    --override-default-catalogers image -o "json=$out.syft.json"
  [ -e "$out.scalibr.json" ] || scalibr --root "$roots/$root" -o "spdx23-json=$out.scalibr.json" > "$out.scalibr.log" 2>&1
done
python3 "$here/languages.py" "$work" "$here/languages.tsv"
