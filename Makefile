# make        brings the demo shop up      make test   passes every test
CARGO ?= cargo
SHOP := $(or $(CARGO_TARGET_DIR),target)/release/shop
DEMO_DIR ?= demo
DEMO := $(SHOP) --project $(DEMO_DIR)

.DEFAULT_GOAL := up
.PHONY: help up down clean shop prepare linker engine test test-full test-engines test-misuse test-magento test-compose bench lint dist

help: ## Show these lines
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | sort | expand -t 14

up: prepare $(DEMO_DIR)/shop.yaml ## Prepare what is missing, build shop, bring the demo shop up
	@$(DEMO) up

down: $(DEMO_DIR)/shop.yaml shop ## Remove the demo shop's containers; its data stays
	@$(DEMO) down

clean: $(DEMO_DIR)/shop.yaml shop ## Delete the demo shop with its data, and demo/
	@$(DEMO) delete --yes --omit-snapshot
	@$(if $(filter demo,$(DEMO_DIR)),rm -rf demo,echo "$(DEMO_DIR) itself stays")

$(DEMO_DIR)/shop.yaml:
	@mkdir -p $(DEMO_DIR)
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

# Those named on the command line, or all: make test-engines podman
ENGINES := docker docker-rootless podman
ifneq ($(filter test-engines,$(MAKECMDGOALS)),)
.PHONY: $(ENGINES)
$(ENGINES): ; @:
endif

test-engines: linker ## Bring the demo shop up on each engine the README names, as root; takes long
	@tests/engines/run $(filter $(ENGINES),$(MAKECMDGOALS))

test-full: test ## Also kill shop at every node on real Docker; takes long
	@SHOP_TEST_FULL=1 SHOP_TEST_RECORD=1 $(CARGO) test --locked --test e2e every_kill -- --nocapture

test-misuse: linker engine ## Misuse a shop at random on real Docker: STEPS=100 SEED=1
	@SHOP_TEST_MISUSE=$${STEPS:-100}:$${SEED:-1} $(CARGO) test --locked --test e2e a_week_of_ordinary_misuse -- --nocapture

test-magento: linker engine ## Test a Magento of your own, in DIR: composer.json, composer.lock, shop.yaml, auth.json
	@SHOP_TEST_MAGENTO=$(abspath $(DIR)) $(CARGO) test --locked --test e2e a_real_magento -- --ignored --nocapture

COMPOSE := $(abspath $(or $(CARGO_TARGET_DIR),target)/compose)
test-compose: linker engine ## Bring the demo shop up by plain docker compose on real Docker; needs go
	@.ci/compose $(COMPOSE) v2.40.3
	@SHOP_TEST_COMPOSE=$(COMPOSE)/v2.40.3 $(CARGO) test --locked --test e2e plain_docker_compose -- --nocapture

bench: prepare ## Measure shop against docker compose; needs go, and a machine with nothing else to do
	@$(CARGO) bench --locked --bench compose

lint: linker ## Check style, lints and documentation
	@$(CARGO) fmt --check
	@$(CARGO) clippy --all-targets --locked -- -D warnings
	@RUSTDOCFLAGS='-D warnings' $(CARGO) doc --no-deps --locked --quiet --document-private-items
