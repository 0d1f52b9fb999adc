# `make lab` to learn, `make help` for the list. Needs a Python from 3.11 to 3.13, and nothing else.
#
#   ARGS="…"        goes to the command:  make lab ARGS="--no-browser --port 8899"
#   PYTHON3=…       the Python to build the environment with
#   TORCH_INDEX=…   one more place to take torch from, such as PyTorch's own CPU-only wheels

.DEFAULT_GOAL := help
.PHONY: help env lab

PYTHON3 =
TORCH_INDEX =
EXTRAS =
PYTHON := .venv/bin/python
INSTALL = $(PYTHON) -m pip --disable-pip-version-check install -c constraints.txt

# what instructors and authors do besides; not part of the students' bundle
-include authors.mk

help: ## this list
	@awk -F':.*## ' '/^[a-z-]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

env: .venv/.ready ## the environment alone, in .venv

lab: env ## JupyterLab on your copy of the course, in work/
	@$(PYTHON) -m dlkit.lab $(ARGS)

# .ready says that the environment is whole, and for which folder (it cannot be moved): where that
# is not so, because it was interrupted or its Python is gone, it is made anew.
ready := $(shell test -x $(PYTHON) && cat .venv/.ready 2>/dev/null)
ifneq ($(ready),$(CURDIR))
.PHONY: .venv/.ready
endif

.venv/.ready: pyproject.toml constraints.txt
	@test "$(ready)" = "$(CURDIR)" || { $(find_python); echo "Making .venv with $$python …"; \
		"$$python" -m venv --clear .venv; }
	@rm -f $@
	$(INSTALL) $(if $(TORCH_INDEX),--extra-index-url "$(TORCH_INDEX)") torch
	$(INSTALL) -e ".$(EXTRAS)"
	@echo "$(CURDIR)" > $@

# sets $$python to the first one that is new enough and can make environments, or says what to do
define find_python
python=; old="no Python from 3.11 to 3.13 was found. Install one (Debian, Ubuntu: apt install \
python3 python3-venv), or name yours: make env PYTHON3=/path/to/python3"; \
for candidate in "$(PYTHON3)" python3.13 python3.12 python3.11 python3 python; do \
	"$$candidate" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' \
		2>/dev/null || continue; \
	if "$$candidate" -c 'import ensurepip, venv' 2>/dev/null; then python=$$candidate; break; fi; \
	old="$$candidate cannot make environments: its venv is missing. Debian, Ubuntu: apt install \
python3-venv (or $$candidate-venv), then run make again"; \
done; \
test -n "$$python" || { echo "make: $$old." >&2; exit 1; }
endef
