# Everything a person types. Each target does its own set-up and says what it is doing.
SHELL := /bin/bash
export LC_ALL := C.UTF-8
JOBS ?= $(shell nproc)
PRESET ?= release
DEMO ?=
EXPLORE ?=
DRILL ?=
ROUNDS ?= 50
SEED ?= 1
SEEDS ?= 200
SECONDS ?= 60
TARGET ?=
KINTSUGI = build/$(PRESET)/programs/kintsugi

.PHONY: help run test bench storm crash explore drill fuzz build format check setup clean
.DEFAULT_GOAL := help

help:  ## this text
	@echo 'Kintsugi: the handling of a fault in a remotely serviced medical device. Needs Debian 12.'
	@echo
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile
	@echo
	@echo '  JOBS=n    at most n compilations and tests at a time (now $(JOBS))'
	@echo '  PRESET=p  dev, release (default), asan or tsan'
	@echo '  ROUNDS=n  kills of make crash (now $(ROUNDS)); SEED=n decides when they come'
	@echo '  EXPLORE=  options of make explore: --bound NAME, --states N, --short, --list'
	@echo '  SEEDS=n   stories of make drill (now $(SEEDS)), from SEED on; DRILL=... options, e.g. --store sqlite'
	@echo '  SECONDS=n of each target of make fuzz (now $(SECONDS)); TARGET=name runs one of tests/fuzz/targets'
	@echo '  DEMO=...  options for the demo, e.g. DEMO=--play-only'

run: setup  ## builds the program and starts the demo: a small world, and one fault played to its end
	@echo 'run: building kintsugi, preset $(PRESET)'
	@cmake --preset $(PRESET) --log-level=WARNING
	@cmake --build --preset $(PRESET) --parallel $(JOBS) --target kintsugi
	$(KINTSUGI) demo $(DEMO)

test: build  ## builds everything and runs every test; ends with "N passed, N failed"
	@echo 'test: running the suites unit, contract, scenario, drill, end_to_end'
	@JOBS=$(JOBS) scripts/run-tests $(PRESET) unit contract scenario drill end_to_end

bench: setup  ## measures throughput and latency against limits taken in the same run
	@cmake --preset $(PRESET) --log-level=WARNING
	@cmake --build --preset $(PRESET) --parallel $(JOBS) --target bench
	build/$(PRESET)/tests/bench

storm: build  ## 10,000 devices report within a minute; the tests play the same rate for six seconds
	@KINTSUGI_STORM_DEVICES=10000 build/$(PRESET)/tests/end_to_end_tests '[storm]'

crash: setup  ## kills the running program ROUNDS times under load and counts what is lost or doubled
	@cmake --preset $(PRESET) --log-level=WARNING
	@cmake --build --preset $(PRESET) --parallel $(JOBS) --target crash
	@build/$(PRESET)/tests/crash --rounds $(ROUNDS) --seed $(SEED)

explore: setup  ## walks every state of a case, bound by bound, and holds every rule against it
	@cmake --preset $(PRESET) --log-level=WARNING
	@cmake --build --preset $(PRESET) --parallel $(JOBS) --target explore
	@build/$(PRESET)/tests/explore $(EXPLORE)

drill: setup  ## plays SEEDS stories of the whole engine in one thread, and looks at every promise after every step
	@cmake --preset $(PRESET) --log-level=WARNING
	@cmake --build --preset $(PRESET) --parallel $(JOBS) --target drill
	@build/$(PRESET)/tests/drill --seeds $(SEEDS) --from $(SEED) $(DRILL)

fuzz:  ## hostile input to every parser, SECONDS seconds each; stops at the first finding and tells how to replay it
	@scripts/setup fuzz
	@cmake --preset fuzz --log-level=WARNING
	@cmake --build --preset fuzz --parallel $(JOBS) --target $(if $(TARGET),fuzz_$(TARGET),fuzz)
	@JOBS=$(JOBS) scripts/fuzz $(SECONDS) $(TARGET)

build: setup  ## builds the program and the tests
	@echo 'build: preset $(PRESET), $(JOBS) jobs; the first time takes some minutes'
	@cmake --preset $(PRESET) --log-level=WARNING
	@cmake --build --preset $(PRESET) --parallel $(JOBS)

format: setup  ## lays out every C++ file
	@scripts/format

check:  ## clang-tidy over the files changed since main
	@scripts/setup check
	@cmake --preset dev --log-level=WARNING
	@scripts/check

setup:  ## installs the Debian packages that are missing (scripts/packages.txt)
	@scripts/setup

clean:  ## removes build/
	rm -rf build
