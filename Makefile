# Two commands: `make demo` and `make test`. Each does all of its own set-up.

CARGO ?= cargo
SELON := target/release/selon
DEMO := demo
DATA ?= ../shared/data
EXAMPLES := $(sort $(wildcard examples/*.html examples/*.txt examples/*.jsonl))

.PHONY: help demo test lint eval-floors bench gazetteer pages clean-demo

help: ## List what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:[^#]*##/\t/' | expand -t 14

tools:
	@command -v $(CARGO) >/dev/null || { echo "make: Rust is missing; install it with rustup or your system's packages (rustc 1.90 or later)" >&2; exit 1; }
	@command -v cc >/dev/null || { echo "make: a C compiler is missing; on Debian: apt-get install build-essential" >&2; exit 1; }

$(SELON): tools FORCE
	$(CARGO) build --release --locked -p selon

FORCE:

demo: $(SELON) clean-demo ## Build, read and keep the examples, and write them as pages
	@bench/demo.sh $(SELON) $(DEMO)

clean-demo:
	@rm -rf $(DEMO)

test: tools ## All tests
	$(CARGO) test --workspace --locked

lint: tools ## Formatting and lints
	$(CARGO) fmt --all --check
	$(CARGO) clippy --workspace --all-targets --locked -- -D warnings

eval-floors: tools ## Hold the floors of cases/floors.toml on the gold data in DATA
	@if [ -d "$(DATA)" ]; then $(CARGO) run --release --locked -p selon-eval -- floors "$(DATA)"; \
	else echo "skipped: no gold data at $(DATA)"; fi

bench: tools ## How fast: documents, bytes and statements a second on one core
	$(CARGO) run --release --locked -p selon-eval -- speed examples

gazetteer: ## Make the place table again (maintainers; needs the network)
	python3 tools/gazetteer/make.py
