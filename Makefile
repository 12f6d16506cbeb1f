# Two commands do everything on a fresh machine: `make run` and `make test`. Each sees to its own set-up first.

export CARGO_TARGET_DIR ?= $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/watchwall/target
SHELL := /bin/bash
BIN := $(CARGO_TARGET_DIR)/release
FIRST_SITES ?= 4

.PHONY: run test bench check advisories format setup build clean

run: setup ## the simulated province on a wall
	cargo build --release --locked --bin watchwall --bin province
	@tests/run-on-province "$(BIN)" $(FIRST_SITES)

test: setup ## all tests
	cargo build --locked --bin watchwall --bin province
	$(if $(DISPLAY),,xvfb-run --auto-servernum) cargo test --locked --workspace

bench: setup ## one table: cost and latency beside ffmpeg's
	cargo build --release --locked --bin watchwall --bin province --bin bench
	"$(BIN)/bench"

check: setup ## format, lints, licences, locked doors
	cargo fmt --all --check
	cargo clippy --locked --workspace --all-targets -- --deny warnings
	packaging/setup cargo-deny
	cargo deny --locked check bans licenses sources

advisories: ## known vulnerabilities; fetches the advisory database
	packaging/setup cargo-deny
	cargo deny --locked check advisories

format:
	cargo fmt --all

setup:
	@packaging/setup system

clean:
	rm -rf "$(CARGO_TARGET_DIR)"
