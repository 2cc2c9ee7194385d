# The front door. `make help` lists what there is.

.DEFAULT_GOAL := help
SHELL := /bin/bash
BUILD := build/release
JOBS := $(shell nproc)

.PHONY: help bootstrap build demo test bench soak fuzz format

help: ## this list
	@echo "Edgesmith: from sensor recordings to verified firmware."; echo
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 20
	@echo; echo "Start with 'make demo'. The command itself: build/edgesmith --help"

bootstrap:
	@tools/bootstrap

build: bootstrap ## the command line tool, build/edgesmith
	@tools/build release

demo: build ## recordings -> int8 model -> firmware that decides on an emulated Cortex-M4F, with a report
	@tools/demo

test: bootstrap ## everything that must hold; says how long each part took
	@tools/test

bench: build ## what networks cost on a chip: docs/benchmarks.md
	@tools/bench

soak: build ## long runs: every window of every example on every emulated board
	@tools/soak

fuzz: bootstrap ## damaged models, plans, packets and projects, for long
	@tools/fuzz

format: ## clang-format over all C++
	@git ls-files '*.h' '*.cpp' | xargs clang-format -i
