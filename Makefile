# Puntual. `make demo` shows it, `make test` proves it; both install what they need into .venv and node_modules.
PYTHON ?= python3
BIN := .venv/bin
SIZES ?= 10000 100000 1000000

.DEFAULT_GOAL := help
.PHONY: help setup demo up test lint unit browser soak bench messages screenshots clean

help:
	@echo "make demo    a sample organization with two years of history, in your browser"
	@echo "make test    linters, types and the whole test suite"
	@echo "make setup   what both of them need; quick when nothing changed"
	@echo "make bench   speed and memory beside a plain-SQL floor   (SIZES=\"10000 100000\")"
	@echo "make screenshots   the guide's pictures, made anew from a demo"
	@echo "make soak    the long simulations, and a walk over every page"

setup:
	@PYTHON="$(PYTHON)" tools/setup

demo: setup
	$(BIN)/puntual demo

test: setup
	tools/test

lint: setup
	tools/test lint

soak: setup
	$(BIN)/python -m pytest -m soak tests/simulation tests/house tests/browser

bench: setup
	$(BIN)/python bench/run.py $(SIZES)

# The pictures of the guide, made from a demo of its own.
screenshots: setup
	$(BIN)/python tools/screenshots.py

# Collect new sentences into the catalogs; the words are then translated in the .po files.
messages: setup
	$(BIN)/python tools/messages.py update

clean:
	rm -rf .venv node_modules src/puntual/desk/static/vendor
