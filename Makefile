# Two commands do everything on a fresh machine: `make run` and `make test`. Each sees to its own set-up first.

CACHE := $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/watchwall
export CARGO_TARGET_DIR ?= $(CACHE)/target
# Only there where the system's own Node.js is too old, see packaging/setup.
export PATH := $(CACHE)/node/node_modules/.bin:$(PATH)
SHELL := /bin/bash
BIN := $(CARGO_TARGET_DIR)/release
FUZZ_SECONDS := 60
PAGE := $(shell find ui -path ui/node_modules -prune -o -path ui/dist -prune -o -path ui/dist-fake -prune -o -path ui/src/paraglide -prune -o -type f -print)

.PHONY: run test soak evidence-soak fuzz-smoke bench bench-gpu check advisories format wire page setup build clean

run: setup page ## the console on the simulated province
	cargo build --release --locked --bin watchwall --bin province
	@tests/run-on-province "$(BIN)"

test: setup page ## all tests
	@packaging/setup peers
	cd ui && npm test --silent && npm run test:browser --silent
	cargo build --locked --bin watchwall --bin province
	$(if $(DISPLAY),,xvfb-run --auto-servernum) cargo test --locked --workspace

soak: setup page ## 200 layout switches, 200 seeks, 100 windows opened and closed: nothing is left behind; 112 cameras let go of in all ways
	cargo build --locked --bin watchwall --bin province
	cargo test --locked -p journeys --test console -- --ignored --nocapture
	cargo test --locked -p journeys --test playback -- --ignored --nocapture
	cargo test --locked -p journeys --test foreign_server -- --ignored --nocapture
	WATCHWALL_TEST_ROUNDS=7 cargo test --locked -p watchwall --test workstations -- steering::a_camera_stands_still_whatever --nocapture

evidence-soak: setup ## ten thousand mutations of a package of evidence are found, two hundred sound ones not suspected
	cargo test --release --locked -p evidence --test mutations -- --ignored --nocapture

fuzz-smoke: setup ## a minute of random bytes for each reader of what devices send
	packaging/setup cargo-fuzz
	set -e; for target in $$(cargo fuzz list); do \
	  echo "fuzzing: $$target"; \
	  seeds=fuzz/seeds/$$target; [ -d "$$seeds" ] || seeds=src-tauri/crates/devices/tests/onvif/answers; \
	  mkdir -p fuzz/corpus/$$target; \
	  CARGO_TARGET_DIR="$(CARGO_TARGET_DIR)-fuzz" RUSTC_BOOTSTRAP=1 cargo fuzz run $$target fuzz/corpus/$$target "$$seeds" -- \
	    -max_total_time=$(FUZZ_SECONDS) -timeout=10 -rss_limit_mb=1024 -max_len=65536 -dict=fuzz/words.dict; \
	done

bench: setup page ## tables: cost and latency beside ffmpeg's, and from the click to the picture
	packaging/setup walls
	cargo build --release --locked --bin watchwall --bin province --bin bench
	"$(BIN)/bench"
	cargo bench --locked -p journeys --bench play --bench export
	cd ui && npm run measure --silent

bench-gpu: setup ## table: streams in real time on the graphics processor; the folder it fills can be carried to another machine
	cargo build --release --locked --bin bench
	"$(BIN)/bench" gpu pack "$(CACHE)/bench-gpu"
	"$(CACHE)/bench-gpu/run"

check: setup page ## format, lints, licences, locked doors
	cargo fmt --all --check
	cargo clippy --locked --workspace --all-targets -- --deny warnings
	cd ui && npm run lint --silent
	packaging/setup cargo-deny
	cargo deny --locked check bans licenses sources

advisories: ## known vulnerabilities; fetches the advisory database
	packaging/setup cargo-deny
	cargo deny --locked check advisories

format:
	cargo fmt --all

wire: ## the page's types from the program's
	WATCHWALL_WRITE_WIRE=1 cargo test --locked -p watchwall --lib wire

page: ui/dist/index.html

ui/dist/index.html: ui/node_modules/.package-lock.json $(PAGE)
	cd ui && npm run build --silent

ui/node_modules/.package-lock.json: ui/package-lock.json
	packaging/setup node
	# Not `npm ci`: that refuses a lock file without optional packages that exist for other systems in no registry. The
	# lock file's versions and checksums hold all the same.
	cd ui && npm install --no-save --no-audit --no-fund --loglevel=error
	touch $@

setup:
	@packaging/setup system

clean:
	rm -rf "$(CARGO_TARGET_DIR)" ui/dist ui/dist-fake ui/node_modules
