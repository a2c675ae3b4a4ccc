# make        brings the demo shop up      make test   passes every test
CARGO ?= cargo
SHOP := $(or $(CARGO_TARGET_DIR),target)/release/shop
DEMO := $(SHOP) --project demo

.DEFAULT_GOAL := up
.PHONY: help up down clean shop prepare linker engine test test-full lint docs dist

help: ## Show these lines
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | sort | expand -t 12

up: prepare demo/shop.yaml ## Prepare what is missing, build shop, bring the demo shop up
	@$(DEMO) up

down: demo/shop.yaml shop ## Remove the demo shop's containers; its data stays
	@$(DEMO) down

clean: demo/shop.yaml shop ## Delete the demo shop with its data, and demo/
	@$(DEMO) delete --yes --omit-snapshot
	@rm -rf demo

demo/shop.yaml:
	@mkdir -p demo
	@printf '# The demo shop of shopkeeper. Every key: docs/stacks.md\nname: demo\nstack: sample\n' > $@

# The engine is installed and started while shop compiles; both need the linker's package lock first.
prepare: linker
	@$(MAKE) --no-print-directory -j2 engine shop

linker:
	@.ci/prepare linker

engine:
	@.ci/prepare engine

dist: linker ## Static binaries, archives, Debian packages and checksums for Linux, in target/dist
	@.ci/dist

shop: linker
	@$(CARGO) build --release --quiet --locked

test: linker ## Pass every test, on real Docker too
	@$(MAKE) --no-print-directory engine
	@CI=$${CI:-true} $(CARGO) test --locked --no-fail-fast

test-full: test ## Also kill shop at every node on real Docker; takes long
	@SHOP_TEST_FULL=1 SHOP_TEST_RECORD=1 $(CARGO) test --locked --test e2e every_kill -- --nocapture

lint: linker ## Check style, lints and documentation
	@$(CARGO) fmt --check
	@$(CARGO) clippy --all-targets --locked -- -D warnings
	@RUSTDOCFLAGS='-D warnings' $(CARGO) doc --no-deps --locked --quiet --document-private-items
