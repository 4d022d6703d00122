# Two commands: `make demo` and `make test`. Each does all of its own set-up.

CARGO ?= cargo
SELON := target/release/selon
DEMO := demo
DATA ?= ../shared/data
EXAMPLES := $(sort $(wildcard examples/*.html examples/*.txt examples/*.jsonl))

.PHONY: help demo desk test lint eval-floors quality bench hostile peers fuzz thirdparty memory pages clean-demo tools FORCE

help: ## List what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:[^#]*##/\t/' | expand -t 14

tools:
	@command -v $(CARGO) >/dev/null || { echo "make: Rust is missing; install it with rustup or your system's packages (rustc 1.92 or later)" >&2; exit 1; }
	@command -v cc >/dev/null || { echo "make: a C compiler is missing; on Debian: apt-get install build-essential" >&2; exit 1; }

$(SELON): tools FORCE
	$(CARGO) build --release --locked -p selon

FORCE:

demo: $(SELON) clean-demo ## Build, read and keep the examples, and write them as pages
	@bench/demo.sh $(SELON) $(DEMO)

desk: $(SELON) ## Open the desk on the demo's archive, on this machine only
	@[ -d $(DEMO)/archive ] || $(MAKE) --no-print-directory demo
	@$(SELON) serve --archive $(DEMO)/archive

clean-demo:
	@rm -rf $(DEMO)

# Property tests draw from one seed, so that a tree that passed passes again. To look wider:
# make test PROPTEST_RNG_SEED=1 PROPTEST_CASES=20000
test: export PROPTEST_RNG_SEED ?= 20260101
test: tools ## All tests
	$(CARGO) test --workspace --locked

lint: tools ## Formatting and lints
	$(CARGO) fmt --all --check
	$(CARGO) clippy --workspace --all-targets --locked -- -D warnings

eval-floors: tools ## Hold the floors of cases/floors.toml on the gold data in DATA
	@if [ -d "$(DATA)" ]; then $(CARGO) run --release --locked -p selon-eval -- floors "$(DATA)"; \
	else echo "skipped: no gold data at $(DATA)"; fi

quality: tools ## Measure every set of the gold data in DATA and write docs/quality.md
	$(CARGO) run --release --locked -p selon-eval -- quality "$(DATA)" > docs/quality.md.new
	mv docs/quality.md.new docs/quality.md

bench: tools ## How fast: documents, bytes and statements a second on one core
	$(CARGO) run --release --locked -p selon-eval -- speed examples

hostile: tools ## Size against time for input made to cost
	$(CARGO) run --release --locked -p selon-eval -- hostile

MINUTES ?= 30
TARGET ?= page
fuzz: tools ## Fuzz TARGET (a file of fuzz/targets) from its seeds for MINUTES (needs a nightly compiler and cargo-fuzz)
	cd fuzz && mkdir -p corpus/$(TARGET) seeds/$(TARGET) && \
		$(CARGO) +nightly fuzz run --sanitizer none $(TARGET) corpus/$(TARGET) seeds/$(TARGET) -- -max_total_time=$$(( $(MINUTES) * 60 )) \
		-max_len=65536 -timeout=10 -rss_limit_mb=1024

peers: tools ## Selon beside other page readers: pages a second, F1, days (needs Python, PyPI, crates.io)
	bench/peers/peers.sh "$(DATA)"

thirdparty: $(SELON) ## 1,000 captures of a hostile site held against warcio, fastwarc, py-wacz, cdxj-indexer, pywb, openssl, rfc3161-client and Go (needs Python, PyPI, Go)
	bench/peers/warcio_check.sh
	bench/peers/pywb_replay.sh $(SELON)
	bench/peers/thirdparty.sh $(SELON)

memory: $(SELON) ## The most memory that verify and add hold on each file of DATA/warc/made (needs Python)
	python3 bench/memory.py $(SELON) "$(DATA)/warc/made"

pages: $(SELON) ## Look at every page in Chromium, with axe (needs node, npm, chromium)
	@[ -d $(DEMO)/archive ] || $(MAKE) --no-print-directory demo
	cd tools/pages && npm ci --no-audit --no-fund
	tools/pages/look.sh $(SELON) $(DEMO)/archive $(DEMO)/pictures
